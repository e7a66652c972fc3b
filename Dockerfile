FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/parley
COPY requirements/base.txt requirements/build.txt requirements/
RUN /opt/parley/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY nlu nlu
COPY bot bot
COPY console console
COPY parley parley
RUN /opt/parley/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/parley parley
COPY --from=build /opt/parley /opt/parley
ENV PATH=/opt/parley/bin:$PATH PYTHONUNBUFFERED=1 PARLEY_DATA_DIR=/var/lib/parley
WORKDIR /var/lib/parley
USER parley
RUN mkdir attachments models && parley nlu train --if-needed
EXPOSE 8010
CMD ["parley", "serve", "console"]
