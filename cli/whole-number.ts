import { InvalidArgumentError } from 'commander'

/** Like `wholeNumber`, but with bounds. */
export const numberBetween =
  (name: string, { min, max, example }: Bounds) =>
  (text: string) => {
    const number = wholeNumber(name, example)(text)
    if (number >= min && number <= max) return number
    throw new InvalidArgumentError(
      `${name} takes a number from ${min} to ${max}, such as ${example}.`,
    )
  }

type Bounds = { readonly min: number; readonly max: number; readonly example: number }

/** Parses a whole number; `name` is its option, for the error message. */
export const wholeNumber = (name: string, example: number) => (text: string) => {
  const number = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number
  throw new InvalidArgumentError(`${name} takes a number, such as ${example}.`)
}
