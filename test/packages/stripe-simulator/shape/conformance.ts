import type { Field, Kind, Shape, Shapes } from './shapes.ts'

/** All differences between a value on the wire and the SDK's declarations. */
export function violationsOf(value: unknown, shapes: Shapes): string[] {
  const found: string[] = []
  visitEntity(value, 'answer')
  return found

  function visitEntity(entity: unknown, at: string): void {
    if (!isObject(entity)) {
      found.push(`${at} is no object`)
      return
    }
    const name = String(entity['object'])
    if (name === 'list') return visitList(entity, at)
    if (entity['deleted'] === true) return
    const shape = shapes.entities[name]
    if (shape === undefined) found.push(`${at} is an unknown object ${name}`)
    else visitFields(entity, shape, `${at}:${name}`)
  }

  function visitList(list: Record<string, unknown>, at: string): void {
    const { data } = list
    if (!Array.isArray(data) || typeof list['has_more'] !== 'boolean' || !list['url']) {
      found.push(`${at} is no list`)
      return
    }
    data.forEach((each, index) => visitEntity(each, `${at}[${index}]`))
  }

  function visitFields(object: Record<string, unknown>, shape: Shape, at: string): void {
    for (const [name, field] of Object.entries(shape))
      visitField(object[name], field, `${at}.${name}`)
    for (const name of Object.keys(object)) {
      if (!Object.hasOwn(shape, name))
        found.push(`${at}.${name} does not exist in this API version`)
    }
  }

  function visitField(held: unknown, { optional, kinds }: Field, at: string): void {
    if (held === undefined) {
      if (!optional) found.push(`${at} is missing`)
      return
    }
    const kind = kinds.find((each) => fits(held, each))
    if (kind === undefined) found.push(`${at} may not be ${JSON.stringify(held)?.slice(0, 60)}`)
    else visitInside(held, kind, at)
  }

  function visitInside(held: unknown, kind: Kind, at: string): void {
    if (kind.is === 'entity') {
      // The payload of an event is declared as an empty interface that every object fits.
      visitEntity(held, at)
    } else if (kind.is === 'plain' && isObject(held)) visitPlain(held, kind.name, at)
    else if (kind.is === 'list' && Array.isArray(held)) {
      held.forEach((each, index) =>
        visitField(each, { optional: false, kinds: kind.of }, `${at}[${index}]`),
      )
    } else if (kind.is === 'map' && isObject(held)) {
      for (const [name, each] of Object.entries(held)) {
        visitField(each, { optional: false, kinds: kind.of }, `${at}.${name}`)
      }
    }
  }

  function visitPlain(held: Record<string, unknown>, name: string, at: string): void {
    const shape = shapes.plain[name]
    if (shape !== undefined && Object.keys(shape).length > 0) visitFields(held, shape, at)
    else if (typeof held['object'] === 'string') visitEntity(held, at)
  }
}

function fits(held: unknown, kind: Kind): boolean {
  switch (kind.is) {
    case 'null':
      return held === null
    case 'string':
    case 'number':
    case 'boolean':
      return typeof held === kind.is
    case 'literal':
      return held === kind.value
    case 'list':
      return Array.isArray(held)
    case 'entity':
      return isObject(held) && typeof held['object'] === 'string'
    case 'map':
    case 'plain':
      return isObject(held)
    case 'anything':
      return true
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
