import type { Product } from '../store/stored.ts'
import { newId } from '../store/ids.ts'

/** An active product. @see https://docs.stripe.com/api/products/create */
export function newProduct(
  given: Partial<Product> & { readonly created: number; readonly name: string },
): Product {
  return {
    id: newId('prod', 14),
    object: 'product',
    active: true,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: given.created,
    url: null,
    ...given,
  }
}
