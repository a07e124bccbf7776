/** Whether it is somebody who runs the service: an operator, whoever was at the machine, or had the link of the first start. */
export const isActor = (by: string): boolean => by === 'cli' || by === 'setup' || by.startsWith('operator:');
