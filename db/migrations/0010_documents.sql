-- What documents pay for: the ledger's points alone do not tell what they would come to at other prices.

create table usage_document (
  document bytea primary key,
  paid jsonb not null,
  noted_at timestamptz(3) not null
);
comment on table usage_document is 'Documents that ran, by their SHA-256. Kept as long as records name them.';
comment on column usage_document.paid is 'How often its operation pays for what at most, by kind of the price list, with the variables that it had when it was noted.';
