-- Accounts, API keys, measurement sets, patterns, curated sets and bookmarks.
--
-- Columns named label and body hold sealed text (see src/vault): `<key id>.<base64url>`. label_index is the blind index
-- of the label. Neither is ever ordered or searched in SQL. Ids are UUIDv7, made by the gateway; slug is the same id as
-- clients see it, without its prefix.

create function base58(id uuid) returns text
  language plpgsql immutable strict parallel safe
as $$
declare
  alphabet constant text := '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  hex constant text := pg_catalog.replace(id::text, '-', '');
  high constant numeric := ('x' || pg_catalog.substr(hex, 1, 15))::bit(60)::bigint;
  middle constant numeric := ('x' || pg_catalog.substr(hex, 16, 15))::bit(60)::bigint;
  low constant numeric := ('x' || pg_catalog.substr(hex, 31, 2))::bit(8)::int;
  rest numeric := (high * 1152921504606846976 + middle) * 256 + low;
  part bigint;
  digits text := '';
begin
  -- Ten digits at a time: 58^10 is the largest power of 58 that a bigint holds.
  while rest > 0 loop
    part := pg_catalog.mod(rest, 430804206899405824);
    rest := pg_catalog.div(rest, 430804206899405824);
    for i in 1..10 loop
      exit when rest = 0 and part = 0;
      digits := pg_catalog.substr(alphabet, (part % 58)::int + 1, 1) || digits;
      part := part / 58;
    end loop;
  end loop;
  -- Base58 writes every leading zero byte as its first digit.
  return pg_catalog.repeat('1', (pg_catalog.length(hex) - pg_catalog.length(pg_catalog.ltrim(hex, '0'))) / 2) || digits;
end
$$;
comment on function base58(uuid) is 'The URL-safe form of an id, as the Bitcoin alphabet writes its 16 bytes.';

create function is_texts(texts json) returns boolean
  language sql immutable strict parallel safe
  return json_typeof(texts) = 'object'
    and not jsonb_path_exists(texts::jsonb, 'strict $.* ? (@.type() <> "string")');
comment on function is_texts(json) is 'Whether this is a JSON object of which every member is a text.';

create type account_role as enum ('user', 'tester', 'curator', 'bughunter', 'support', 'admin');
create type account_status as enum ('inactive', 'active', 'restricted', 'disabled');
create type account_consent as enum ('none', 'account', 'measurements');
create type units as enum ('metric', 'imperial');
create type language as enum ('de', 'en', 'es', 'fr', 'nl', 'uk');
create type revocation_reason as enum ('owner', 'admin', 'abuse', 'leak', 'downgrade', 'block', 'consent');
create type publication as enum ('draft', 'published', 'retired');
create type bookmark_type as enum ('set', 'curated_set', 'pattern', 'design', 'doc', 'custom');
create type vault_key_purpose as enum ('fields', 'index', 'sessions', 'pepper');

create table vault_key (
  purpose vault_key_purpose not null,
  key_id text not null,
  fingerprint bytea not null,
  created_at timestamptz(3) not null default now(),
  primary key (purpose, key_id)
);
comment on table vault_key is 'Which keys sealed or digested anything in this database: fingerprints, never keys. A gateway whose key file lacks one does not start.';

create table account (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  username text not null check (char_length(username) between 2 and 40),
  username_key text collate "C" not null unique,
  label text not null,
  label_index bytea not null unique,
  body text not null,
  role account_role not null default 'user',
  status account_status not null default 'inactive',
  consent account_consent not null default 'none',
  units units not null default 'metric',
  language language not null default 'en',
  newsletter boolean not null default false,
  control smallint not null default 1 check (control between 1 and 5),
  patron boolean not null default false,
  mfa_enabled boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  last_seen_at timestamptz(3)
);
comment on table account is 'A person. label: e-mail address; body: bio and image.';
comment on column account.username_key is 'The username as it is compared: NFKC-normalised, lower-cased, trimmed.';
comment on column account.control is 'How much of the interface the person wants to see, 1 (little) to 5 (all).';
create index account_created on account (created_at, id);

create table api_key (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  label text not null,
  level smallint not null check (level between 0 and 8),
  digest bytea not null unique,
  pepper_id text not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revocation_reason revocation_reason,
  last_used_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check ((revoked_at is null) = (revocation_reason is null))
);
comment on table api_key is 'A key of an account. label: its name; digest: HMAC-SHA-256 of the whole key text under the pepper named beside it.';
create index api_key_account on api_key (account_id, created_at, id);

create table measurement_set (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  base_set_id uuid,
  label text not null,
  label_index bytea not null,
  body text not null,
  measured bigint not null default 0,
  units units not null default 'metric',
  public boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (id, account_id),
  foreign key (base_set_id, account_id) references measurement_set (id, account_id),
  check (base_set_id <> id)
);
comment on table measurement_set is 'Body measurements of one person. label: name; body: notes, image and measurements in millimetres (shoulderSlope in degrees).';
comment on column measurement_set.base_set_id is 'A set of the same account whose measurements hold where this one has none; at most three levels deep.';
comment on column measurement_set.measured is 'One bit per measurement that this set holds itself, never a value.';
create index measurement_set_created on measurement_set (account_id, created_at, id);
create index measurement_set_updated on measurement_set (account_id, updated_at, id);
create index measurement_set_label on measurement_set (account_id, label_index);
create index measurement_set_base on measurement_set (base_set_id, account_id);

create table pattern (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  measurement_set_id uuid references measurement_set on delete set null,
  design text not null check (design ~ '^[a-z][a-z0-9-]{0,63}$'),
  label text not null,
  label_index bytea not null,
  body text not null,
  public boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
comment on table pattern is 'A design with settings. label: name; body: notes, image, settings and data. Its settings hold a copy of the measurements.';
create index pattern_created on pattern (account_id, created_at, id);
create index pattern_updated on pattern (account_id, updated_at, id);
create index pattern_label on pattern (account_id, label_index);
create index pattern_set on pattern (measurement_set_id, created_at, id);

create table curated_set (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  curator_id uuid references account on delete set null,
  names json not null check (is_texts(names) and names ->> 'en' is not null),
  notes json not null default '{}' check (is_texts(notes)),
  height_mm double precision check (height_mm > 0),
  image text,
  tags text[] not null default '{}' check (cardinality(tags) <= 20),
  measurements json not null,
  measured bigint not null,
  publication publication not null default 'draft',
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
comment on table curated_set is 'Published example measurements: public data, in the clear. names and notes map a language to a text; measurements are millimetres (shoulderSlope in degrees).';
create index curated_set_page on curated_set (created_at, id);
create index curated_set_tags on curated_set using gin (tags);
create index curated_set_curator on curated_set (curator_id);

create table bookmark (
  id uuid primary key,
  slug text collate "C" generated always as (base58(id)) stored not null,
  account_id uuid not null references account on delete cascade,
  type bookmark_type not null,
  title text not null check (char_length(title) between 1 and 255),
  url text not null check (char_length(url) between 1 and 1023),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
comment on table bookmark is 'A link that a person keeps: a set, a pattern, a design, a page.';
create index bookmark_created on bookmark (account_id, created_at, id);

create function tell_key_change() returns trigger
  language plpgsql
as $$
begin
  perform pg_catalog.pg_notify('maat_key_changes', old.id::text);
  return null;
end
$$;
comment on function tell_key_change() is 'Tells every gateway that what it remembers of this key, or of the keys of this account, is outdated.';

create trigger key_changed after update on api_key
  for each row when (
    (old.digest, old.level, old.expires_at, old.revocation_reason)
    is distinct from (new.digest, new.level, new.expires_at, new.revocation_reason)
  )
  execute function tell_key_change();
-- With an account go its keys, each of them told.
create trigger key_removed after delete on api_key
  for each row execute function tell_key_change();
create trigger keys_of_account_changed after update on account
  for each row when (
    (old.role, old.status, old.consent) is distinct from (new.role, new.status, new.consent)
  )
  execute function tell_key_change();
