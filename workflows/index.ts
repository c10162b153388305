export { Subscription } from './subscription.ts'
