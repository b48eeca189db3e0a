import pg from 'pg'

/** Ten connections at most, as every server of the comparison has. */
export function connect(): pg.Pool {
  return new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, min: 10 })
}
