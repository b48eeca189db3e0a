-- How people sign in, what they are told by mail, what was done to their accounts, and the life of an API key.
--
-- Secrets that people hold (refresh tokens, links, recovery codes) are random texts of 80 bits and more: the database has
-- their SHA-256 and nothing else. Columns named label hold sealed text (see src/vault).

create type sign_in_method as enum ('password', 'link', 'confirmation', 'reset');
create type session_end as enum ('signed_out', 'signed_out_everywhere', 'refresh_reused', 'password_changed', 'administrator');
create type link_purpose as enum ('confirm_sign_up', 'sign_in', 'reset_password', 'change_email', 'second_factor', 'export');
create type actor_kind as enum ('key', 'session', 'link', 'operator', 'gateway');

alter table account
  add column key_calls bigint not null default 0,
  add column session_calls bigint not null default 0,
  add column closed_status account_status;
comment on column account.closed_status is 'The status that it had before an administrator closed it, and has again once it is reopened; null where it is not closed.';
comment on column account.key_calls is 'Operations run with its keys.';
comment on column account.session_calls is 'Operations run with its sessions.';

alter table api_key
  add column replaced_by_id uuid references api_key on delete set null,
  add column networks text[] not null default '{}' check (cardinality(networks) <= 50),
  add column origins text[] not null default '{}' check (cardinality(origins) <= 50),
  add column calls bigint not null default 0;
comment on column api_key.replaced_by_id is 'The key that took its place: until it expires, both work.';
comment on column api_key.networks is 'Addresses and CIDR networks that it may be used from; empty: any.';
comment on column api_key.origins is 'Web origins that it may be used from; empty: any. A request without an Origin is none of a page''s.';
create index api_key_replaced on api_key (replaced_by_id);
create index api_key_expires on api_key (expires_at) where revocation_reason is null;

create table credential (
  account_id uuid primary key references account on delete cascade,
  password_hash text not null,
  updated_at timestamptz(3) not null
);
comment on table credential is 'The password of an account, as argon2id in the PHC string format. No row: it signs in by link alone.';

create table second_factor (
  id uuid primary key,
  account_id uuid not null unique references account on delete cascade,
  label text not null,
  confirmed_at timestamptz(3),
  last_step bigint not null default 0,
  recovery_digests bytea[] not null default '{}',
  created_at timestamptz(3) not null
);
comment on table second_factor is 'Time-based one-time passwords (RFC 6238). label: the shared secret in base32. Not asked for until it is confirmed.';
comment on column second_factor.last_step is 'The latest time step whose code was accepted: no code counts twice.';
comment on column second_factor.recovery_digests is 'SHA-256 of the recovery codes that are left.';

create table session (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  label text not null,
  method sign_in_method not null,
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  end_reason session_end,
  last_used_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  check ((ended_at is null) = (end_reason is null))
);
comment on table session is 'A signed-in device. label: what it called itself (User-Agent).';
create index session_account on session (account_id, created_at, id);
create index session_expires on session (expires_at);

create table session_refresh (
  digest bytea primary key,
  session_id uuid not null references session on delete cascade,
  used_at timestamptz(3),
  created_at timestamptz(3) not null
);
comment on table session_refresh is 'Refresh tokens of a session, each good for one use: who presents a used one ends the session.';
create index session_refresh_session on session_refresh (session_id);

create table one_time_link (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  purpose link_purpose not null,
  digest bytea not null unique,
  label text not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  created_at timestamptz(3) not null
);
comment on table one_time_link is 'What a mailed link, or the first half of a sign-in with two factors, opens once. label: what it carries, such as a new e-mail address; may be an empty text.';
create index one_time_link_account on one_time_link (account_id, purpose);
create index one_time_link_expires on one_time_link (expires_at);

create table guess (
  subject text collate "C" primary key check (subject <> ''),
  drawn double precision not null check (drawn >= 0),
  at timestamptz not null
);
comment on table guess is 'Attempts to sign in, and sign-ups, per account and per client network: a bucket each that empties with time.';
create index guess_at on guess (at);

create function guess_take(subject_names text[], capacities double precision[], rates double precision[], out wait_seconds double precision)
  language plpgsql
as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  insert into guess (subject, drawn, at)
    select s.name collate "C", 0, moment from unnest(subject_names) as s (name) order by 1
    -- A row that is there is locked, and not written: rows that are and rows that come to be, in one order.
    on conflict (subject) do update set drawn = excluded.drawn where false;
  select coalesce(max((g.level + 1 - s.capacity) / s.rate), 0) into wait_seconds
  from unnest(subject_names, capacities, rates) as s (name, capacity, rate)
  cross join lateral (
    select quota_drawn(b.drawn, b.at, s.rate, null, moment) as level from guess b where b.subject = s.name
  ) g;
  wait_seconds := greatest(0, wait_seconds);
  if wait_seconds > 0 then return; end if;
  -- Who waited for the rows has an earlier moment than whoever held them: what was drawn is not given back twice.
  update guess g set drawn = quota_drawn(g.drawn, g.at, s.rate, null, moment) + 1, at = greatest(g.at, moment)
  from unnest(subject_names, rates) as s (name, rate) where g.subject = s.name;
end
$$;
comment on function guess_take is 'Draws one on every one of these buckets, or on none: then how many seconds until all of them have room. 0: drawn.';

create table mail (
  id uuid primary key,
  account_id uuid not null,
  label text not null,
  name text collate "C" unique,
  attempts integer not null default 0,
  due_at timestamptz(3) not null,
  sent_at timestamptz(3),
  failure text,
  created_at timestamptz(3) not null
);
comment on table mail is 'The outbox. label: address, subject and text, as JSON. Rows of mails that were sent, or given up, go after a week. An account that is deleted leaves its farewell here until that is sent.';
comment on column mail.name is 'What this mail is, where it may be sent once alone, ever.';
create index mail_due on mail (due_at) where sent_at is null and failure is null;
create index mail_account on mail (account_id);

create type mail_request_kind as enum ('sign_up', 'sign_in_link', 'reset_password', 'change_email');

create table mail_request (
  id uuid primary key,
  kind mail_request_kind not null,
  label text not null,
  created_at timestamptz(3) not null
);
comment on table mail_request is 'What was asked for under an e-mail address, until a job has looked it up and answered it by mail: whoever asks sees the same, and waits as long, whether there is such an account or not. label: the address and what came with it, as JSON; bound to the row''s own id.';
create index mail_request_created on mail_request (created_at, id);

create table audit (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  actor_id uuid references account on delete set null,
  actor_kind actor_kind not null,
  credential_id uuid,
  action text collate "C" not null check (action ~ '^[a-z][a-z-]{1,39}$'),
  subject text collate "C",
  reason text check (char_length(reason) <= 500),
  created_at timestamptz(3) not null
);
comment on table audit is 'Who did what to an account, and why: an append-only trail, kept for 90 days. subject: id of what it was done to, as clients see it.';
comment on column audit.credential_id is 'The key or session with which it was done.';
create index audit_account on audit (account_id, created_at, id);
create index audit_actor on audit (actor_id);
create index audit_created on audit (created_at);

create table idempotent_act (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  key_digest bytea not null,
  request_digest bytea not null,
  label text not null,
  created_at timestamptz(3) not null,
  unique (account_id, key_digest)
);
comment on table idempotent_act is 'What a mutation that came with an Idempotency-Key answered, without secrets, for 24 hours. label: the outcome, as JSON.';
create index idempotent_act_created on idempotent_act (created_at);

create table job (
  name text collate "C" primary key,
  due_at timestamptz not null,
  ran_at timestamptz,
  failure text
);
comment on table job is 'Work that comes round again: whichever gateway holds the row runs it.';

-- Every gateway forgets what it remembers of a session that has ended.
create trigger session_ended after update on session
  for each row when (old.end_reason is distinct from new.end_reason)
  execute function tell_key_change();
create trigger session_removed after delete on session
  for each row execute function tell_key_change();
-- People who sign in elsewhere have no session here that would be told.
create trigger account_removed after delete on account
  for each row execute function tell_key_change();

drop trigger key_changed on api_key;
create trigger key_changed after update on api_key
  for each row when (
    (old.digest, old.level, old.expires_at, old.revocation_reason, old.networks, old.origins)
    is distinct from (new.digest, new.level, new.expires_at, new.revocation_reason, new.networks, new.origins)
  )
  execute function tell_key_change();
