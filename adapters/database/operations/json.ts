/** Marks a value that is passed as JSON. */
export class Json {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}
