import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge'

/** The SDK declares no class for it: the client throws its base exception under this name. */
export const validationException = (message: string): Error =>
  new EventBridgeServiceException({
    name: 'ValidationException',
    message,
    $fault: 'client',
    $metadata: {},
  })
