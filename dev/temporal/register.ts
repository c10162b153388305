import { Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { endpointOptions, type TemporalEndpoint } from '../../adapters/temporal/connection.ts'
import { SEARCH_ATTRIBUTES } from './search-attributes.ts'

/** The server answers in milliseconds; a server that is still starting has this long. */
const CONNECT_TIMEOUT_MS = 10_000

const TYPES = proto.temporal.api.enums.v1.IndexedValueType

/**
 * Registers the search attributes on a server that this stack did not start; existing ones stay. The call
 * also verifies that the server is reachable and has the namespace.
 */
export async function registerSearchAttributes(
  entrance: TemporalEndpoint,
  namespace: string,
): Promise<void> {
  const connection = await Connection.connect({
    ...endpointOptions(entrance),
    connectTimeout: CONNECT_TIMEOUT_MS,
  })
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    })
    const missing = Object.entries(SEARCH_ATTRIBUTES).filter(
      ([name]) => customAttributes?.[name] === undefined,
    )
    if (missing.length === 0) return
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, CODES[type]])),
    })
  } finally {
    await connection.close()
  }
}

const CODES = {
  Keyword: TYPES.INDEXED_VALUE_TYPE_KEYWORD,
  Int: TYPES.INDEXED_VALUE_TYPE_INT,
  Datetime: TYPES.INDEXED_VALUE_TYPE_DATETIME,
  Bool: TYPES.INDEXED_VALUE_TYPE_BOOL,
} as const
