import { join } from 'node:path'
import ts from 'typescript'
import type { Kind, Shape, Shapes } from './shapes.ts'

/** The entities that the simulator returns, by the file and interface that declare them. */
const ROOTS: readonly (readonly [file: string, name: string])[] = [
  ['BillingPortal/Sessions', 'Session'],
  ['Billing/MeterEvents', 'MeterEvent'],
  ['Billing/Meters', 'Meter'],
  ['Charges', 'Charge'],
  ['Checkout/Sessions', 'Session'],
  ['Coupons', 'Coupon'],
  ['CreditNotes', 'CreditNote'],
  ['CreditNoteLineItems', 'CreditNoteLineItem'],
  ['Customers', 'Customer'],
  ['Discounts', 'Discount'],
  ['Disputes', 'Dispute'],
  ['Events', 'EventBase'],
  ['InvoiceItems', 'InvoiceItem'],
  ['InvoiceLineItems', 'InvoiceLineItem'],
  ['InvoicePayments', 'InvoicePayment'],
  ['Invoices', 'Invoice'],
  ['LineItems', 'LineItem'],
  ['PaymentIntents', 'PaymentIntent'],
  ['PaymentMethods', 'PaymentMethod'],
  ['Plans', 'Plan'],
  ['Prices', 'Price'],
  ['Products', 'Product'],
  ['PromotionCodes', 'PromotionCode'],
  ['Refunds', 'Refund'],
  ['SetupIntents', 'SetupIntent'],
  ['SubscriptionItems', 'SubscriptionItem'],
  ['SubscriptionSchedules', 'SubscriptionSchedule'],
  ['Subscriptions', 'Subscription'],
  ['TaxRates', 'TaxRate'],
  ['TestHelpers/TestClocks', 'TestClock'],
  ['WebhookEndpoints', 'WebhookEndpoint'],
]

const RESOURCES = join(import.meta.dirname, '../../../../node_modules/stripe/esm/resources')

/** The requirements of the SDK's type declarations for every object. */
export function readDeclarations(): Shapes {
  const files = ROOTS.map(([file]) => join(RESOURCES, `${file}.d.ts`))
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: false,
    skipLibCheck: true,
    strict: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const entities: Record<string, Shape> = {}
  const plain: Record<string, Shape> = {}

  for (const [file, name] of ROOTS) {
    const source = program.getSourceFile(join(RESOURCES, `${file}.d.ts`))
    const module = source && checker.getSymbolAtLocation(source)
    const symbol = module && checker.getExportsOfModule(module).find((each) => each.name === name)
    if (symbol === undefined) throw new Error(`${file} does not declare ${name}`)
    const type = checker.getDeclaredTypeOfSymbol(symbol)
    const object = objectNameOf(type)
    if (object === undefined) throw new Error(`${file} ${name} has no object name`)
    entities[object] = shapeOf(type)
  }

  function shapeOf(type: ts.Type): Shape {
    const fields = checker.getPropertiesOfType(type).map((property) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0
      const kinds = membersOf(checker.getTypeOfSymbol(property)).flatMap(kindOf)
      return [property.name, { optional, kinds }] as const
    })
    return Object.fromEntries(fields)
  }

  function kindOf(type: ts.Type): Kind[] {
    const { flags } = type
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return []
    if (flags & ts.TypeFlags.Null) return [{ is: 'null' }]
    if (type.isStringLiteral() || type.isNumberLiteral())
      return [{ is: 'literal', value: type.value }]
    if (flags & ts.TypeFlags.BooleanLiteral) {
      return [{ is: 'literal', value: checker.typeToString(type) === 'true' }]
    }
    if (flags & ts.TypeFlags.StringLike) return [{ is: 'string' }]
    if (flags & ts.TypeFlags.NumberLike) return [{ is: 'number' }]
    if (type.isIntersection()) return [{ is: 'string' }]
    return flags & ts.TypeFlags.Object ? [objectKind(type)] : [{ is: 'anything' }]
  }

  function objectKind(type: ts.Type): Kind {
    const name = type.symbol?.name ?? ''
    // A number beyond the precision of JSON: the SDK reads it from a string.
    if (name === 'Decimal' || checker.getPropertyOfType(type, 'isZero')) return { is: 'string' }
    if (checker.isArrayType(type)) {
      const [element] = checker.getTypeArguments(type as ts.TypeReference)
      return { is: 'list', of: element ? membersOf(element).flatMap(kindOf) : [] }
    }
    const values = type.getStringIndexType()
    if (values !== undefined) return { is: 'map', of: membersOf(values).flatMap(kindOf) }
    if (objectNameOf(type) !== undefined) return { is: 'entity' }
    const declared = `${sourceOf(type)}:${checker.getFullyQualifiedName(type.symbol)}`
    if (plain[declared] === undefined) {
      plain[declared] = {}
      plain[declared] = shapeOf(type)
    }
    return { is: 'plain', name: declared }
  }

  function objectNameOf(type: ts.Type): string | undefined {
    const property = checker.getPropertyOfType(type, 'object')
    const value = property && checker.getTypeOfSymbol(property)
    return value?.isStringLiteral() === true ? value.value : undefined
  }

  return { entities, plain }
}

const membersOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type])

function sourceOf(type: ts.Type): string {
  const [declaration] = type.symbol.declarations ?? []
  const file = declaration?.getSourceFile().fileName ?? ''
  return file.slice(file.lastIndexOf('/resources/') + '/resources/'.length)
}
