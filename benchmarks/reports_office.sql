-- What reports count beside conversations and hand-overs: offers, plans, promises, payments, refusals, complaints.
UPDATE conversations SET opened_at = opened_at - (id * 7919 %% 150) * interval '1 day', memory =
  CASE WHEN id %% 3 = 0 THEN '{"phase": "verifying", "told": []}'::json ELSE '{"phase": "talking", "told": ["verified"]}'::json END;
UPDATE handoffs SET at = c.opened_at + interval '1 minute' * (handoffs.id %% 600), taken_by = 1 + handoffs.id %% 60,
  taken_at = CASE WHEN handoffs.id %% 10 < 9 THEN c.opened_at + interval '1 minute' * (handoffs.id %% 600)
                                                  + interval '1 second' * (handoffs.id * 37 %% 5400) END,
  ended_at = CASE WHEN handoffs.id %% 10 < 8 THEN c.opened_at + interval '1 minute' * (handoffs.id %% 600)
                                                  + interval '1 second' * (5400 + handoffs.id * 53 %% 7200) END
FROM conversations c WHERE c.id = handoffs.conversation_id;
INSERT INTO messages (conversation_id, direction, author, agent_id, channel, client_key, kind, text, buttons, at)
SELECT h.conversation_id, 'out', 'agent', h.taken_by, 'web', 'a' || h.id, 'text', 'Hello', '[]',
       h.taken_at + interval '1 second' * (h.id * 11 %% 900)
FROM handoffs h WHERE h.taken_at IS NOT NULL;
UPDATE policies SET published_at = %(now)s - interval '200 days' WHERE number = 1;
INSERT INTO policies (number, state, body, note, created_at, published_at, revision, review, alone)
SELECT n, 'superseded', '{}', '', %(now)s, %(now)s - interval '200 days' + (n - 1) * interval '15 days', 1, '', false
FROM generate_series(1, 12) n ON CONFLICT DO NOTHING;
INSERT INTO offers (conversation_id, case_id, ref, body, policy_version, rule, made_by, state, at, expires_at)
SELECT c.id, c.case_id, 'O' || k,
       json_build_object('kind', (ARRAY['full', 'settlement', 'instalments', 'extension'])[1 + (c.id + k) %% 4]),
       1 + c.id %% 12, 'x', 'bot', (ARRAY['accepted', 'refused', 'expired', 'replaced'])[1 + (c.id / 4 + k) %% 4],
       c.opened_at + k * interval '3 minutes', c.opened_at + interval '7 days'
FROM conversations c CROSS JOIN generate_series(1, 2) k;
INSERT INTO plans (case_id, conversation_id, public_id, body, currency, total, discount, down_payment, frequency,
                   policy_version, rule, state, language, agreed_at)
SELECT c.case_id, c.id, 'p' || c.id, '{}', ca.currency, 100000 + c.id %% 90000, 0, 0, 'month', 1 + c.id %% 12, 'x',
       (ARRAY['active', 'completed', 'broken', 'active'])[1 + c.id %% 4], 'en',
       c.opened_at + (c.id * 17 %% 4000) * interval '1 minute'
FROM conversations c JOIN cases ca ON ca.id = c.case_id WHERE c.id %% 5 < 2;
INSERT INTO instalments (plan_id, number, due, amount, paid, missed_on)
SELECT p.id, k, (p.agreed_at + k * interval '30 days')::date, 10000, CASE WHEN (p.id + k) %% 3 = 0 THEN 0 ELSE 10000 END,
       CASE WHEN (p.id + k) %% 9 = 0 THEN (p.agreed_at + k * interval '30 days')::date END
FROM plans p CROSS JOIN generate_series(1, 4) k;
INSERT INTO promises (case_id, conversation_id, due, currency, amount, policy_version, state, made_at)
SELECT c.case_id, c.id, (c.opened_at + interval '9 days')::date, ca.currency, 5000, 1 + c.id %% 12,
       (ARRAY['kept', 'broken', 'replaced'])[1 + c.id %% 3], c.opened_at
FROM conversations c JOIN cases ca ON ca.id = c.case_id WHERE c.id %% 5 = 3;
INSERT INTO payments (case_id, plan_id, reference, currency, amount, allocation, paid_on, at)
SELECT p.case_id, p.id, 'P' || k, p.currency, 10000, '{}', (p.agreed_at + k * interval '20 days')::date, %(now)s
FROM plans p CROSS JOIN generate_series(1, 3) k;
INSERT INTO audit (at, actor, action, subject, subject_id, data, previous, hash)
SELECT c.opened_at + interval '5 minutes', 'bot', 'decided', 'conversation', c.id,
       json_build_object('message', c.id, 'decision', repeat('x', 400)), '', 'd' || k || '-' || c.id
FROM conversations c CROSS JOIN generate_series(1, 6) k;
INSERT INTO audit (at, actor, action, subject, subject_id, data, previous, hash)
SELECT c.opened_at + interval '9 minutes', 'bot', 'refused', 'conversation', c.id,
       json_build_object('reasons', json_build_array(json_build_object('rule', (ARRAY['US-HOURS-1', 'UK-CAP-7', 'WORDS'])[1 + c.id %% 3]))),
       '', 'r' || c.id
FROM conversations c WHERE c.id %% 7 = 0;
INSERT INTO audit (at, actor, action, subject, subject_id, data, previous, hash)
SELECT c.opened_at + interval '12 minutes', 'bot', 'flagged', 'case', c.case_id, '{"flags": ["complaint"], "message": null}',
       '', 'f' || c.id
FROM conversations c WHERE c.id %% 20 = 0;
