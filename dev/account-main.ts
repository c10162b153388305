import { SignJWT } from 'jose'
import { readClock } from '../adapters/time/clock.ts'
import { isUserId } from '../domain/ids.ts'
import { readStackFile } from './stack-file.ts'

const USAGE = 'Name a user: npm run account -- ada'
const TOKEN_HOURS = 12

/** Prints a sign-in link for a user of the running stack. In production the application creates it with a token. */
async function printLink(userId: string): Promise<void> {
  const { apiUrl, clockFile, jwtSecret } = await readStackFile()
  const now = readClock(clockFile).now()
  // The authentication that this developer's environment configures for the API.
  const { JWT_ISSUER: iss, JWT_AUDIENCE: aud } = process.env
  const claims = { email: `${userId}@example.com`, ...(iss && { iss }), ...(aud && { aud }) }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuedAt(now)
    .setExpirationTime(new Date(now.getTime() + TOKEN_HOURS * 3_600_000))
    .sign(new TextEncoder().encode(jwtSecret))
  console.log(`${apiUrl}/account/session#token=${token}`)
}

const [userId, ...more] = process.argv.slice(2)
if (userId === undefined || more.length > 0 || !isUserId(userId)) {
  console.error(USAGE)
  process.exit(1)
}
await printLink(userId)
