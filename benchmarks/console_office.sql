-- The values are those of `fill` in console_office.py.
INSERT INTO users (login, name, role, language, password_hash, active, created_at)
SELECT 'agent' || n, 'Agent ' || n, 'agent', 'en', %(hash)s, true, %(now)s FROM generate_series(1, %(agents)s) n;
INSERT INTO users (login, name, role, language, password_hash, active, created_at)
VALUES ('sue', 'Sue Barnes', 'supervisor', 'en', %(hash)s, true, %(now)s),
       ('ada', 'Ada Novak', 'admin', 'en', %(hash)s, true, %(now)s);
INSERT INTO creditors (name, phone, hours, time_zone, pay_ways)
VALUES ('Harbour Bank', '', '', 'UTC', '{}'), ('Northgate Credit', '', '', 'UTC', '{}'), ('江海银行', '', '', 'UTC', '{}');
INSERT INTO debtors (name, language, time_zone, facts)
SELECT CASE WHEN n %% 5 = 0
         THEN (%(surnames)s::text[])[1 + n / 5 %% 12] || (%(given)s::text[])[1 + n / 60 %% 10]
         ELSE (%(first)s::text[])[1 + n %% 10] || ' ' || (%(last)s::text[])[1 + n / 10 %% 12] END,
       CASE WHEN n %% 5 = 0 THEN 'zh' ELSE 'en' END,
       CASE WHEN n %% 5 = 0 THEN 'Asia/Shanghai' WHEN n %% 2 = 0 THEN 'Europe/London' ELSE 'America/New_York' END,
       json_build_object('account_last4', lpad((n %% 10000)::text, 4, '0'))
FROM generate_series(1, %(many)s) n;
INSERT INTO contact_points (debtor_id, kind, value)
SELECT n, 'phone', '+4420' || lpad((n * 7919 %% 100000000)::text, 8, '0') FROM generate_series(1, %(many)s) n;
INSERT INTO cases (creditor_id, debtor_id, reference, market, product, currency, principal, interest, fees, penalty,
                   balance_as_of, due_date, contract, state, updated_at)
SELECT CASE WHEN n %% 5 = 0 THEN 3 ELSE 1 + n %% 2 END, n,
       CASE WHEN n %% 5 = 0 THEN 'JH-' WHEN n %% 2 = 0 THEN 'NC-' ELSE 'HB-' END || (200000 + n),
       CASE WHEN n %% 5 = 0 THEN 'cn' WHEN n %% 2 = 0 THEN 'uk' ELSE 'us' END,
       (ARRAY['credit_card', 'personal_loan', 'overdraft'])[1 + n %% 3],
       CASE WHEN n %% 5 = 0 THEN 'CNY' WHEN n %% 2 = 0 THEN 'GBP' ELSE 'USD' END,
       10000 + n * 37 %% 900000, n * 13 %% 9000, n * 7 %% 3000, 0,
       %(now)s::date, %(now)s::date - (n * 31 %% 240)::int, '{}', 'open', %(now)s
FROM generate_series(1, %(many)s) n;
INSERT INTO conversations (case_id, channel, address, holder, agent_id, held_since, state, outcome, language, memory,
                           reason, priority, gravity, waiting_since, opened_at, last_at, last_inbound_at, unread)
SELECT n, CASE WHEN n %% 3 = 0 THEN 'telegram' ELSE 'web' END, 'a' || n, holder,
       CASE WHEN holder = 'agent' THEN 1 + place %% %(agents)s END, CASE WHEN holder = 'agent' THEN at END,
       CASE WHEN ended THEN 'closed' ELSE 'open' END, CASE WHEN ended THEN 'agreed' END,
       CASE WHEN n %% 5 = 0 THEN 'zh' ELSE 'en' END, %(memory)s,
       CASE WHEN holder <> 'bot' THEN (%(gravity)s::text[])[1 + n %% 13] END,
       CASE WHEN holder <> 'bot' THEN CASE WHEN n %% 13 < 2 THEN 'urgent' WHEN n %% 13 < 8 THEN 'high' ELSE 'normal' END END,
       CASE WHEN holder <> 'bot' THEN n %% 13 END, CASE WHEN holder = 'queue' THEN at END,
       at - interval '40 minutes', at, at, CASE WHEN holder = 'agent' AND n %% 4 = 0 THEN 1 ELSE 0 END
FROM (
  SELECT n, place, place %% 5 = 4 AND place >= %(held)s + %(queued)s AS ended,
         CASE WHEN place < %(held)s THEN 'agent' WHEN place < %(held)s + %(queued)s THEN 'queue' ELSE 'bot' END AS holder,
         %(now)s - (n * 7919 %% %(many)s) * interval '25 seconds' AS at
  FROM (SELECT n, (n * 104729) %% %(many)s AS place FROM generate_series(1, %(many)s::bigint) n) AS numbered
) AS placed;
INSERT INTO messages (conversation_id, direction, author, channel, external_id, client_key, kind, text, buttons, at,
                      answered_at, understanding, decision)
SELECT c.id, CASE WHEN k %% 2 = 1 THEN 'in' ELSE 'out' END, CASE WHEN k %% 2 = 1 THEN 'debtor' ELSE 'bot' END, c.channel,
       CASE WHEN k %% 2 = 1 THEN 'x' || c.id || '-' || k END, CASE WHEN k %% 2 = 0 THEN 'k' || k END, 'text',
       CASE WHEN c.language = 'zh'
         THEN (%(chinese)s::text[])[1 + (c.id * 3 + k * 5) %% 12] || '，' || (%(chinese)s::text[])[1 + (c.id / 12 + k * 7) %% 12]
         ELSE (%(english)s::text[])[1 + (c.id * 3 + k * 5) %% 12] || '. ' || (%(english)s::text[])[1 + (c.id / 12 + k * 7) %% 12]
       END || CASE WHEN (c.id * 11 + k) %% 997 = 0 THEN ' ' || (%(rare)s::text[])[1 + c.id %% 6] ELSE '' END,
       '[]', c.last_at - (%(each)s - k) * interval '5 minutes', c.last_at,
       CASE WHEN k %% 2 = 1 THEN '{"lang": "en", "intents": [{"name": "hardship_income", "confidence": 0.93}]}'::json END,
       CASE WHEN k %% 2 = 0 THEN '{"because": ["intent:hardship_income", "flag:hardship"]}'::json END
FROM generate_series(1, %(each)s) k CROSS JOIN conversations c ORDER BY k, c.last_at;
INSERT INTO outbox (message_id, conversation_id, channel, address, author, clearance, state, due_at, sent_at, attempts)
SELECT m.id, m.conversation_id, m.channel, 'a', 'bot', '{}', 'sent', m.at, m.at, 1 FROM messages m WHERE direction = 'out';
INSERT INTO readings (message_id, conversation_id, at, lang, intent, confidence, unsure, engine, version, state)
SELECT m.id, m.conversation_id, m.at, 'en', 'hardship_income', 9300, false, 'test', '1', 'sure'
FROM messages m WHERE direction = 'in';
INSERT INTO case_flags (case_id, flag, at)
SELECT n, (%(flags)s::text[])[1 + least(n / 7 %% 16, 15) / 2 %% 8], %(now)s FROM generate_series(1, %(many)s) n WHERE n %% 4 = 0;
INSERT INTO case_flags (case_id, flag, at)
SELECT n, 'self_harm', %(now)s FROM generate_series(1, %(many)s) n WHERE n %% 400 = 0;
INSERT INTO handoffs (conversation_id, reason, priority, trigger, pack, at, ended_at)
SELECT id, coalesce(reason, 'person_requested'), coalesce(priority, 'normal'), 'I want a person', '{}', last_at,
       CASE WHEN holder = 'bot' THEN last_at END
FROM conversations WHERE holder <> 'bot' OR id %% 5 = 0;
