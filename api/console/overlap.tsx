import { Select } from './field.tsx'

const HOUR_S = 3_600
const CHOICES = [
  { value: '0', text: 'Not at all: it may have leaked' },
  { value: String(HOUR_S), text: 'For an hour' },
  { value: String(24 * HOUR_S), text: 'For a day' },
  { value: String(7 * 24 * HOUR_S), text: 'For a week' },
] as const

/** How long the old key or secret stays valid after a rotation, in seconds. */
export const Overlap = ({ id, label }: { readonly id: string; readonly label: string }) => (
  <Select id={id} name="overlap" label={label} options={CHOICES} selected={CHOICES[2].value} />
)
