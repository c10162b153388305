import type { CatalogueVersion } from '../../../domain/catalogue/catalogue.ts'
import { jsonOfUsagePrice } from '../../catalogue/usage-price-json.ts'
import type { CatalogueWrite } from '../../../domain/catalogue/draft.ts'

/** A change of the catalogue as the SQL function `write_catalogue` expects it. */
export function jsonOfWrite(write: CatalogueWrite): object {
  switch (write.do) {
    case 'put feature': {
      const { id, feature } = write
      const { code, name, type, unit, meterEventName: meter_event_name } = feature
      return { do: write.do, id, code, name, type, unit, meter_event_name }
    }
    case 'put plan': {
      const { id, plan, at: created_at } = write
      const { productLine: product_line, autoAttach: auto_attach, ...rest } = plan
      return { do: write.do, id, ...rest, product_line, auto_attach, created_at }
    }
    case 'write version':
      return { do: write.do, ...jsonOfVersion(write.version) }
    case 'publish':
    case 'retire':
      return { do: write.do, id: write.version.id, at: write.at }
    case 'sell':
    case 'delete version':
      return { do: write.do, id: write.version.id }
    case 'record':
      return { do: write.do, ...write.record }
    case 'delete feature':
    case 'delete plan':
      return write
  }
}

const jsonOfVersion = (version: CatalogueVersion) => ({
  id: version.id,
  slug: version.slug,
  version: version.version,
  period: version.period,
  price_minor: version.priceMinor,
  currency: version.currency,
  trial_days: version.trialDays,
  custom_for: version.customFor,
  custom_until: version.customUntil,
  created_at: version.createdAt,
  features: version.features.map((feature) => ({
    code: feature.code,
    quota_limit: feature.quotaLimit,
    reset: feature.reset,
    overage: feature.overage,
    rollover_max: feature.rolloverMax,
    alert_thresholds: feature.alertThresholds,
    settle: feature.settle,
    per_quantity: feature.perQuantity,
    usage_price: feature.usagePrice && jsonOfUsagePrice(feature.usagePrice),
  })),
})
