import { type Kysely, sql } from 'kysely'

import { bitsOf, type Design } from './designs.ts'
import type { DB } from './tables.generated.ts'

/**
 * The table `design` holds these designs and no others; answers the codes of those that came, changed or went. Rows that are
 * right are not written. Of two at once one waits.
 */
export async function storeDesigns(
  db: Kysely<DB>,
  designs: readonly Design[],
): Promise<readonly string[]> {
  const given = JSON.stringify(designs.map(rowOf))
  return db.transaction().execute(async (transaction) => {
    await sql`set local lock_timeout = '5s'`.execute(transaction)
    // Readers go on. The next statement sees what the one who held the lock has written.
    await sql`lock table design in share row exclusive mode`.execute(transaction)
    const { rows } = await sql<{ code: string }>`
      with given as (
        select * from json_to_recordset(${given})
          as d (code text, name text, version text, description text, required bigint, optional bigint)
      ), gone as (
        delete from design where code not in (select code from given) returning code
      ), written as (
        insert into design (code, name, version, description, required, optional)
        select code, name, version, description, required, optional from given
        on conflict (code) do update set
          name = excluded.name, version = excluded.version, description = excluded.description,
          required = excluded.required, optional = excluded.optional
        where (design.*) is distinct from (excluded.*)
        returning code
      )
      select code from gone union all select code from written order by code`.execute(transaction)
    return rows.map(({ code }) => code)
  })
}

/** JSON has no bigint: PostgreSQL reads the bits from their digits. */
function rowOf({ measurements, optionalMeasurements, ...design }: Design) {
  return {
    ...design,
    required: bitsOf(measurements).toString(),
    optional: bitsOf(optionalMeasurements).toString(),
  }
}
