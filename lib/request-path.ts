/** The header in which proxy.ts tells the page its own address, which Next does not. A courtesy; never to be trusted. */
export const REQUEST_PATH_HEADER = "x-cairn-path";
