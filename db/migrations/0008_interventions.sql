-- What is done about use beyond what can be supported, by degrees; and how an owner asks for more beforehand.

create type intervention_step as enum ('notice', 'slower', 'suspension', 'revocation');
create type intervention_end as enum ('lifted', 'superseded', 'done');

create table intervention (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  api_key_id uuid references api_key on delete cascade,
  step intervention_step not null,
  pace double precision check (pace > 0 and pace < 1),
  reason text not null check (char_length(reason) between 1 and 500),
  policy text collate "C",
  decided_by uuid references account on delete set null,
  until timestamptz(3),
  ended_at timestamptz(3),
  end_reason intervention_end,
  end_note text check (char_length(end_note) <= 500),
  ended_by uuid references account on delete set null,
  created_at timestamptz(3) not null,
  check ((step = 'slower') = (pace is not null)),
  check ((ended_at is null) = (end_reason is null))
);
comment on table intervention is 'A step of the ladder: it is in force until it is ended, or until its time is over. Its owner reads it.';
comment on column intervention.api_key_id is 'The key that it is about; null: the whole account.';
comment on column intervention.pace is 'What is left of budgets and of their restore rate: a factor.';
comment on column intervention.policy is 'The policy that took the step; null: a person did.';
comment on column intervention.until is 'Null: until it is lifted.';
comment on column intervention.end_reason is 'done: it had its effect at once, and that stays.';
create index intervention_account on intervention (account_id, created_at, id);
create index intervention_created on intervention (created_at, id);
create index intervention_key on intervention (api_key_id);
create index intervention_decided on intervention (decided_by);
create index intervention_ended on intervention (ended_by);
-- At most one of each step at a time, for an account and for each of its keys.
create unique index intervention_open on intervention (account_id, api_key_id, step) nulls not distinct where ended_at is null;

-- Every gateway forgets what it remembers of the account's keys and sessions.
create trigger intervention_changed after insert or update or delete on intervention
  for each row execute function tell_limit_change();

create type limit_request_state as enum ('open', 'granted', 'declined');

create table limit_request (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  label text not null,
  points integer not null check (points >= 1),
  until timestamptz(3) not null,
  state limit_request_state not null default 'open',
  granted_points integer check (granted_points >= 1),
  granted_until timestamptz(3),
  reason text check (char_length(reason) between 1 and 500),
  decided_by uuid references account on delete set null,
  decided_at timestamptz(3),
  created_at timestamptz(3) not null,
  check ((state = 'granted') = (granted_points is not null)),
  check ((state = 'granted') = (granted_until is not null)),
  check (state <> 'declined' or reason is not null),
  check ((state = 'open') = (decided_at is null))
);
comment on table limit_request is 'Somebody asks for more points a day, until a moment. label: what for, sealed. What is granted is a row of quota_limit, which ends by itself.';
create index limit_request_account on limit_request (account_id, created_at, id);
create index limit_request_state on limit_request (state, created_at, id);
create index limit_request_decided on limit_request (decided_by);
create unique index limit_request_open on limit_request (account_id) where state = 'open';

-- Policies look at the last hours of all accounts. Hours are written in their order: few pages hold them.
create index usage_hour_hour on usage_hour using brin (hour) with (pages_per_range = 32, autosummarize = on);
