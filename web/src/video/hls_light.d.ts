/** hls.js without what our footage doesn't need (sound tracks, subtitles, encryption); it has the types of the whole. */
declare module 'hls.js/light' {
  export { default } from 'hls.js';
  export * from 'hls.js';
}
