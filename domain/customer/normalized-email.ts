/** Domains of one mail service whose addresses ignore dots. @see https://support.google.com/mail/answer/7436150 */
const IGNORES_DOTS = 'gmail.com'
const DOMAINS_OF_GMAIL: readonly string[] = [IGNORES_DOTS, 'googlemail.com']

/**
 * The form of an address that all spellings of one mailbox share: lower case, without `+tag`, the domain in ASCII, and for
 * Gmail without dots. It is for comparing only: mail goes to the address as it was given.
 * @returns the address in lower case if it has no local part or no domain.
 */
export function normalizedEmail(address: string): string {
  const text = address.trim().normalize('NFKC').toLowerCase()
  const at = text.lastIndexOf('@')
  if (at <= 0) return text
  const domain = asciiDomain(text.slice(at + 1))
  const isGmail = DOMAINS_OF_GMAIL.includes(domain)
  const local = withoutTag(text.slice(0, at))
  return isGmail ? `${local.replaceAll('.', '')}@${IGNORES_DOTS}` : `${local}@${domain}`
}

/** A local part that begins with `+` has no mailbox before the tag. */
const withoutTag = (local: string): string => local.split('+')[0] || local

/** @see https://url.spec.whatwg.org/#concept-domain-to-ascii */
function asciiDomain(domain: string): string {
  const name = domain.replace(/\.$/, '')
  const address = `http://${name}`
  const isPlain = /^[^\s/?#@:%\\[\]]+$/.test(name)
  return isPlain && URL.canParse(address) ? new URL(address).hostname : name
}
