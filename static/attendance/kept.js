/* What is kept on the device for when there is no network. */

export function keepPage() {}
