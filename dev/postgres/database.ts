import { Client } from 'pg'

/** Creates the database in `url` if the cluster does not have it yet. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const administrative = new URL(url)
  administrative.pathname = '/postgres'
  const client = new Client({ connectionString: administrative.href })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
