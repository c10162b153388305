type Feature = { readonly name: string; readonly unit: string | null }

const EVENT_ID = /\bevt_\w+/g
const PLAN_MIGRATION = /^plan migration [0-9a-f-]{36}/
const ALERT = /^([a-z][a-z0-9_]*) reached (\d+) % of its quota: (\d+) of (\d+)$/
const GRANT = /^(\d+) of ([a-z][a-z0-9_]*) were granted$/

/**
 * The cause of a timeline entry in words: events and migrations without their ids, features by their names.
 *
 * @param featureOf finds a feature by its code.
 */
export function causeInWords(
  cause: string,
  featureOf: (code: string) => Feature | undefined,
  number: (value: number) => string,
): string {
  const [, amount, granted = ''] = GRANT.exec(cause) ?? []
  const [, alerted = '', threshold, used, limit] = ALERT.exec(cause) ?? []
  const feature = featureOf(granted || alerted)
  const count = (digits: string | undefined) => number(Number(digits))
  if (feature !== undefined && amount !== undefined)
    return `${feature.name}: ${count(amount)} granted${inUnits(feature)}`
  if (feature !== undefined && threshold !== undefined)
    return `${feature.name} reached ${threshold} % of its quota: ${count(used)} of ${count(limit)}${inUnits(feature)}`
  const events = cause.match(EVENT_ID) ?? []
  if (events.length > 0) {
    const all = events.length === 1 ? 'an event' : `${number(events.length)} events`
    const rest = cause.replaceAll(EVENT_ID, '').trim()
    return rest === '' ? `${all} from Stripe` : `${rest}, after ${all} from Stripe`
  }
  return cause.replace(PLAN_MIGRATION, 'plan migration')
}

const inUnits = ({ unit }: Feature): string => (unit === null ? '' : `, in units of ${unit}`)
