import type { Stripe } from 'stripe'
import { listPage, paging, within } from '../http/list.ts'
import { operation, type Ids } from '../http/operation.ts'
import {
  emptyable,
  fields,
  flag,
  id,
  ignored,
  list,
  metadata,
  oneOf,
  range,
  required,
  text,
  unmodelled,
  type Covers,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newProduct } from '../objects/product.ts'
import type { Product } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { given } from './given.ts'
import { mergeMetadata } from './metadata.ts'

const feature = fields({ name: required(text(80)) })

const CREATE = {
  active: flag(),
  default_price_data: unmodelled,
  description: text(),
  id: id(),
  images: list(text(), 8),
  marketing_features: list(feature, 15),
  metadata: metadata(),
  name: required(id()),
  package_dimensions: ignored,
  shippable: ignored,
  statement_descriptor: ignored,
  tax_code: ignored,
  tax_details: ignored,
  type: oneOf('service', 'good'),
  unit_label: text(12),
  url: text(),
} as const satisfies Covers<Stripe.ProductCreateParams>

const UPDATE = {
  active: flag(),
  default_price: id(),
  description: emptyable(text()),
  images: ignored,
  marketing_features: emptyable(list(feature, 15)),
  metadata: metadata(),
  name: id(),
  package_dimensions: ignored,
  shippable: ignored,
  statement_descriptor: ignored,
  tax_code: ignored,
  tax_details: ignored,
  unit_label: emptyable(text(12)),
  url: emptyable(text()),
} as const satisfies Covers<Stripe.ProductUpdateParams>

const LIST = {
  ...paging,
  active: flag(),
  created: range(),
  ids: list(id()),
  shippable: ignored,
  type: ignored,
  url: ignored,
} as const satisfies Covers<Stripe.ProductListParams>

/**
 * The product that a path or a parameter names.
 * @throws Refusal (404 in a path, 400 in a parameter) for an unknown id.
 */
export function productOf(step: Step, wanted: string, place: 'path' | 'param'): Product {
  const row = step.find('products', wanted)
  if (row === undefined)
    throw missing('product', wanted, place === 'path' ? 'id' : 'product', place)
  return row
}

const byPath = (step: Step, ids: Ids) => productOf(step, ids['id'] ?? '', 'path')

/** Products: create, retrieve, update, delete and list. @see https://docs.stripe.com/products-prices/manage-prices */
export const products = [
  operation('POST /v1/products', {
    answers: 'product',
    params: CREATE,
    run(step, { params }) {
      const { name, id: own, active, description, images, unit_label, url } = params
      if (own !== undefined && step.find('products', own) !== undefined) {
        throw invalid(`Product already exists.`, 'id', 'resource_already_exists')
      }
      const features = params.marketing_features?.map((each) => ({ name: each.name }))
      const product = step.put(
        'products',
        newProduct({
          ...given({ id: own, active, description, unit_label, url }),
          ...given({ images: images && [...images], marketing_features: features }),
          created: step.now,
          metadata: params.metadata ?? {},
          name,
        }),
      )
      emit(step, 'product.created', product)
      return product
    },
  }),
  operation('GET /v1/products/:id', {
    answers: 'product',
    params: {},
    run: (step, { ids }) => byPath(step, ids),
  }),
  operation('POST /v1/products/:id', {
    answers: 'product',
    params: UPDATE,
    run(step, { ids, params }) {
      const row = byPath(step, ids)
      const { active, default_price, description, name, unit_label, url } = params
      const features = params.marketing_features?.map((each) => ({ name: each.name }))
      const changes = given({ active, default_price, description, name, unit_label, url })
      return revise(step, 'products', {
        row,
        to: {
          ...changes,
          ...given({ marketing_features: features }),
          metadata: mergeMetadata(row.metadata, params.metadata),
          updated: step.now,
        },
        event: 'product.updated',
      })
    },
  }),
  operation('DELETE /v1/products/:id', {
    answers: 'product',
    params: {},
    run(step, { ids }) {
      const row = byPath(step, ids)
      if (!step.rows('prices', { index: 'product', key: row.id }).next().done) {
        throw invalid(
          'This product cannot be deleted because it has one or more user-created prices.',
          'id',
        )
      }
      step.erase('products', row.id)
      emit(step, 'product.deleted', row)
      return { id: row.id, object: 'product', deleted: true }
    },
  }),
  operation('GET /v1/products', {
    answers: 'product',
    isList: true,
    params: LIST,
    run: (step, { params }) =>
      listPage(step, {
        url: '/v1/products',
        noun: 'product',
        table: 'products',
        params,
        where: (row) =>
          within(params.created, row.created) &&
          (params.active === undefined || row.active === params.active) &&
          (params.ids === undefined || params.ids.includes(row.id)),
      }),
  }),
]
