import pg from 'pg'

/** Ten connections at most, as every server of the comparison has. */
export function connect(): pg.Pool {
  return new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, min: 10 })
}

/** Where a page of accounts begins: milliseconds and id of the last account before it. */
export function parseCursor(cursor: string | null | undefined): [Date, string] {
  const [time, id] = (cursor ?? '0/00000000-0000-0000-0000-000000000000').split('/')
  return [new Date(Number(time)), id ?? '']
}
