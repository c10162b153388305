import { existsSync } from 'node:fs'
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig'
import { z } from 'zod'
import { messageOf } from '../adapters/telemetry/error-message.ts'
import type { TemporalEndpoint } from '../adapters/temporal/connection.ts'

/**
 * The variables of the connection to Temporal, named as Temporal's own tools name them. A variable overrides the same field of a
 * profile.
 *
 * @see https://docs.temporal.io/develop/environment-configuration
 */
export const temporalEnvironment = {
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).optional(),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** On by default with an API key or any TLS setting. */
  TEMPORAL_TLS: z.enum(['true', 'false', '1', '0']).optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT_DATA: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_DATA: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  /** A TOML file of profiles, and the name of one. */
  TEMPORAL_CONFIG_FILE: z.string().optional(),
  TEMPORAL_PROFILE: z.string().optional(),
}

const DEFAULTS = { address: 'localhost:7233', namespace: 'default' } as const

const isSet = (value: string | undefined): value is string => value !== undefined && value !== ''

type TemporalEnvironment = z.infer<z.ZodObject<typeof temporalEnvironment>>

function profileOf(environment: TemporalEnvironment) {
  const known = Object.keys(temporalEnvironment).flatMap((name) => {
    const value = Object.entries(environment).find(([each]) => each === name)?.[1]
    return isSet(value) ? [[name, value]] : []
  })
  return loadClientConfigProfile({
    overrideEnvVars: Object.fromEntries(known),
    // Only a file that is named explicitly. The default file belongs to the user's own tools.
    disableFile: !isSet(environment.TEMPORAL_CONFIG_FILE),
    configFileStrict: true,
  })
}

/** Whether the connection has no TLS. False for settings that cannot be used, which are reported in detail. */
export function isPlain(environment: NodeJS.ProcessEnv): boolean {
  try {
    return !toClientOptions(profileOf(environment)).connectionOptions.tls
  } catch {
    return false
  }
}

/** @returns a line for each problem with the connection to Temporal; production has more requirements */
export function problemsOfTemporal(
  environment: NodeJS.ProcessEnv,
  inProduction: boolean,
): string[] {
  const named = (['SERVER_CA_CERT', 'CLIENT_CERT', 'CLIENT_KEY'] as const).map((part) => {
    const variable = `TEMPORAL_TLS_${part}`
    const path = environment[`${variable}_PATH`]
    return { variable, path, data: environment[`${variable}_DATA`] }
  })
  const files = [
    ...named.map(({ variable, path }) => ({ variable: `${variable}_PATH`, path })),
    {
      variable: 'TEMPORAL_CONFIG_FILE',
      path: environment['TEMPORAL_CONFIG_FILE'],
    },
  ]
  const problems = [
    ...files
      .filter(({ path }) => isSet(path) && !existsSync(path))
      .map(({ variable, path }) => `${variable}: there is no file ${path}`),
    ...named
      .filter(({ path, data }) => isSet(path) && isSet(data))
      .map(
        ({ variable }) =>
          `${variable}_PATH: is set, and so is ${variable}_DATA. Remove one of them`,
      ),
    ...(isSet(environment['TEMPORAL_PROFILE']) && !isSet(environment['TEMPORAL_CONFIG_FILE'])
      ? ['TEMPORAL_PROFILE: needs TEMPORAL_CONFIG_FILE, the file with the profile']
      : []),
    ...(isSet(environment['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'])
      ? [
          'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: is not supported. Name the certificate authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH',
        ]
      : []),
  ]
  return problems.length > 0 ? problems : problemsOfProfile(environment, inProduction)
}

/** @returns a line for each problem with variables and profile combined */
function problemsOfProfile(environment: NodeJS.ProcessEnv, inProduction: boolean): string[] {
  try {
    const profile = profileOf(environment)
    const { tls } = toClientOptions(profile).connectionOptions
    const { clientCert, clientKey } = profile.tls ?? {}
    return [
      ...((clientCert === undefined) === (clientKey === undefined)
        ? []
        : [
            'TEMPORAL_TLS_CLIENT_CERT_PATH: needs TEMPORAL_TLS_CLIENT_KEY_PATH, and one of them is missing',
          ]),
      ...(inProduction && profile.apiKey !== undefined && tls === false
        ? ['TEMPORAL_API_KEY: would be sent in plain text. Remove TEMPORAL_TLS=false']
        : []),
      ...(inProduction && tls === false && clientCert !== undefined
        ? ['TEMPORAL_TLS: is off, but a client certificate is set. Remove one of them']
        : []),
    ]
  } catch (error) {
    // The file is not TOML, has no such profile, or a certificate cannot be read.
    // Only the first line is shown, because the others quote the file, with its keys.
    const [firstLine = ''] = messageOf(error).split('\n')
    const variable = isSet(environment['TEMPORAL_PROFILE'])
      ? 'TEMPORAL_PROFILE'
      : 'TEMPORAL_CONFIG_FILE'
    return [`${variable}: ${firstLine}`]
  }
}

/** @param environment one without problems */
export function temporalConfig(
  environment: TemporalEnvironment,
): TemporalEndpoint & { readonly namespace: string } {
  const { connectionOptions, namespace } = toClientOptions(profileOf(environment))
  const { address, tls, apiKey, metadata } = connectionOptions
  return {
    address: address ?? DEFAULTS.address,
    namespace: namespace ?? DEFAULTS.namespace,
    tls: tls ?? undefined,
    apiKey,
    ...(metadata !== undefined && { metadata }),
  }
}
