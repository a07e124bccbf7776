/** Whether it is somebody who runs the service: an operator, or whoever was at the machine. */
export const isActor = (by: string): boolean => by === 'cli' || by.startsWith('operator:');
