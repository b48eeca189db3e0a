-- A limit until a moment stands beside one for good, and leaves that in force when it ends.

alter table quota_limit drop constraint quota_limit_account_id_api_key_id_partition_key;
create unique index quota_limit_one on quota_limit (account_id, api_key_id, partition, (valid_until is null)) nulls not distinct;
comment on table quota_limit is 'A limit of one account in place of the policy''s, or, with a key, a limit that this key has besides; in points. valid_until null: for good. Of one for good and one until a moment, the larger one counts.';
