import { InvalidArgumentError } from 'commander'

/** Reads a number of things; `name` is the option that takes it. */
export const wholeNumber = (name: string, example: number) => (text: string) => {
  const number = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number
  throw new InvalidArgumentError(`${name} takes a number, such as ${example}.`)
}
