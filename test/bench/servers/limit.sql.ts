import { DOCUMENTS } from '../queries.ts'

/** A statement whose one value is the JSON text of `data`. */
interface Limit {
  readonly name: string
  readonly text: string
  /** Whether it is about the caller, or about the page of accounts after a cursor. */
  readonly by: 'caller' | 'cursor'
}

const page = (size: number) => `
  select id, ref, username from plain.account
  where username > $1 order by username limit ${size}`

const Q1 = `
select '{"me":{"id":"' || ref || '","username":' || to_json(username)::text || ',"role":"' || role || '"}}'
from plain.account where id = $1`

const Q2 = `
select '{"me":{"measurementSets":{"nodes":[' || coalesce(string_agg(
  '{"id":"' || ref || '","name":' || to_json(name)::text || ',"notes":' || to_json(notes)::text
  || ',"measurements":' || measurements::text
  || ',"createdAt":' || to_json(created_at)::text || ',"updatedAt":' || to_json(updated_at)::text || '}',
  ',' order by created_at, id), '') || ']}}}'
from (
  select * from plain.measurement_set where account_id = $1 order by created_at, id limit 20
) measurement_set`

// The owner of a set is the account it was reached from: nothing is looked up again.
const Q3 = (name: (table: string) => string) => `
select '{"accounts":{"nodes":[' || coalesce(string_agg(
  '{"id":"' || a.ref || '","username":' || to_json(a.username)::text
  || ',"measurementSets":{"nodes":[' || sets.nodes || ']}}',
  ',' order by a.username), '') || ']}}'
from (${page(10)}) a
cross join lateral (
  select coalesce(string_agg(
    '{"id":"' || s.ref || '"' ${name('s')} || ',"owner":{"id":"' || a.ref || '","username":'
    || to_json(a.username)::text || '},"patterns":{"nodes":[' || patterns.nodes || ']}}',
    ',' order by s.created_at, s.id), '') as nodes
  from (
    select * from plain.measurement_set where account_id = a.id order by created_at, id limit 10
  ) s
  cross join lateral (
    select coalesce(string_agg(
      '{"id":"' || p.ref || '","design":"' || p.design || '"' ${name('p')} || '}',
      ',' order by p.created_at, p.id), '') as nodes
    from (
      select * from plain.pattern where measurement_set_id = s.id order by created_at, id limit 5
    ) p
  ) patterns
) sets`

const cursors = `
select '{"accounts":{"edges":[' || coalesce(string_agg(
  '{"cursor":' || to_json(username)::text || '}', ',' order by username), '') || ']}}'
from (${page(100)}) a`

/** The statement for each document: the text itself is the key, nothing is parsed. */
export const LIMITS: ReadonlyMap<string, Limit> = new Map([
  [DOCUMENTS.Q1, { name: 'q1', text: Q1, by: 'caller' }],
  [DOCUMENTS.Q2, { name: 'q2', text: Q2, by: 'caller' }],
  [DOCUMENTS.Q3, { name: 'q3', text: Q3(() => ''), by: 'cursor' }],
  [
    DOCUMENTS.Q3N,
    {
      name: 'q3n',
      text: Q3((table) => `|| ',"name":' || to_json(${table}.name)::text`),
      by: 'cursor',
    },
  ],
  [DOCUMENTS.cursors, { name: 'cursors', text: cursors, by: 'cursor' }],
])
