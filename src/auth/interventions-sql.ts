/**
 * SQL for the steps that are open against an account, and against one of its keys where SQL for its id is given, as JSON;
 * null where there are none. One of each kind for either is the most there can be.
 */
export function interventionsSql(accountId: string, keyId: string | null): string {
  const ofKey = keyId === null ? '' : ` or i.api_key_id = ${keyId}`
  return `
    (select json_agg(json_build_object(
        'id', 'itv_' || i.slug,
        'of', case when i.api_key_id is null then 'account' else 'key' end,
        'step', i.step,
        'reason', i.reason,
        'pace', i.pace,
        'untilMs', (extract(epoch from i.until) * 1000)::bigint) order by i.created_at, i.id)
      from intervention i
      where i.account_id = ${accountId} and i.ended_at is null and (i.api_key_id is null${ofKey}))`
}
