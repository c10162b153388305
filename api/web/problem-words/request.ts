import type { ProblemWords } from './words.ts'

/** Problems of every call: its form, its caller, and the parts behind it. */
export const REQUEST_PROBLEMS = {
  malformed_form: {
    team: 'The form could not be read. Reload the page and try again.',
  },
  malformed_json: {
    team: 'The form could not be read. Reload the page and try again.',
    en: 'The form could not be read. Reload the page and try again.',
    pt: 'Não foi possível ler o formulário. Recarregue a página e tente de novo.',
  },
  malformed_event: {
    team: 'This is not an event from Stripe.',
  },
  bad_signature: {
    team: 'The signature of this event is not valid.',
  },
  unauthenticated: {
    team: 'Your key is no longer valid. Sign in again.',
    en: 'You are signed out. Open this page from your application again.',
    pt: 'Sua sessão terminou. Abra esta página de novo pelo seu aplicativo.',
  },
  forbidden: {
    team: 'Your key does not allow this. Sign in with an operator key.',
    en: 'You cannot do this yourself. Please contact us.',
    pt: 'Você não pode fazer isso por conta própria. Entre em contato conosco.',
  },
  user_missing: {
    team: 'The customer is missing. Open their subscription and try again.',
    en: 'You are signed out. Open this page from your application again.',
    pt: 'Sua sessão terminou. Abra esta página de novo pelo seu aplicativo.',
  },
  not_found: {
    team: 'This no longer exists. Reload the page.',
  },
  method_not_allowed: {
    team: 'This is not possible here. Reload the page.',
  },
  body_too_large: {
    team: 'The form is too large. Shorten its texts.',
    en: 'The form is too large. Reload the page and try again.',
    pt: 'O formulário é grande demais. Recarregue a página e tente de novo.',
  },
  unsupported_media_type: {
    team: 'The form could not be read. Reload the page and try again.',
    en: 'The form could not be read. Reload the page and try again.',
    pt: 'Não foi possível ler o formulário. Recarregue a página e tente de novo.',
  },
  invalid_request: {
    team: 'Some values are not valid. Correct them and try again.',
    en: 'Some of this is not valid. Check it and try again.',
    pt: 'Algo aqui não é válido. Confira e tente de novo.',
  },
  idempotency_key_reused: {
    team: 'This form was already sent with other values. Reload the page.',
    en: 'This form was already sent. Reload the page to see the result.',
    pt: 'Este formulário já foi enviado. Recarregue a página para ver o resultado.',
  },
  rate_limited: {
    team: 'There were too many requests. Wait a minute and try again.',
    en: 'There were too many requests. Wait a minute and try again.',
    pt: 'Houve pedidos demais. Espere um minuto e tente de novo.',
  },
  internal_error: {
    team: 'Something went wrong on our side. Give an engineer the reference below.',
    en: 'Something went wrong on our side. Reload the page before you try again.',
    pt: 'Algo deu errado do nosso lado. Recarregue a página antes de tentar de novo.',
  },
  payment_provider_rejected: {
    team: 'Stripe refused this, and nothing was changed.',
    en: 'The payment was not accepted. Try another card.',
    pt: 'O pagamento não foi aceito. Tente outro cartão.',
  },
  payment_provider_unconfirmed: {
    team: 'Stripe did not answer for too long. It may have been done: reload the page before you try again.',
    en: 'This was not confirmed in time and may still be done. Reload the page before you try again.',
    pt: 'Isto não foi confirmado a tempo e ainda pode acontecer. Recarregue a página antes de tentar de novo.',
  },
  payment_provider_unavailable: {
    team: 'Stripe cannot be reached right now. Try again in a minute.',
    en: 'Payments cannot be reached right now, and nothing was changed. Try again in a minute.',
    pt: 'Os pagamentos não respondem agora, e nada foi alterado. Tente de novo em um minuto.',
  },
  workflow_unavailable: {
    team: 'This was not finished in time and may still be done. Reload the page before you try again.',
    en: 'This was not finished in time and may still be done. Reload the page before you try again.',
    pt: 'Isto não terminou a tempo e ainda pode acontecer. Recarregue a página antes de tentar de novo.',
  },
  identity_provider_unavailable: {
    team: 'Sign-ins cannot be verified right now. Try again in a minute.',
    en: 'Sign-ins cannot be verified right now. Try again in a minute.',
    pt: 'Não é possível verificar acessos agora. Tente de novo em um minuto.',
  },
  database_unavailable: {
    team: 'The database cannot be reached right now. Your change may have been made: reload the page in a minute.',
    en: 'This could not be confirmed right now, and may have been done. Reload the page in a minute.',
    pt: 'Não foi possível confirmar isto agora, e pode ter acontecido. Recarregue a página em um minuto.',
  },
} as const satisfies Record<string, ProblemWords>
