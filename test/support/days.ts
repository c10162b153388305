const DAY_MS = 86_400_000

/** An instant so many days after another one; a fraction is a part of a day. */
export const daysAfter = (instant: string, days: number): Date =>
  new Date(new Date(instant).getTime() + days * DAY_MS)
