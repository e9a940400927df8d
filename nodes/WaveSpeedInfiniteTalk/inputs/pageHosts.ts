/** Services whose links lead to a page, not to a file. Data only. */

/** Service, its domains, and the paths of its pages where its files have the same domain. */
type PageHost = readonly [service: string, domains: readonly string[], path?: RegExp];

/** Pages from which a person downloads a file. */
export const SHARE_PAGES: readonly PageHost[] = [
	['Google Photos', ['photos.app.goo.gl', 'photos.google.com']],
	['iCloud', ['icloud.com'], /^\/(?!.*\.(jpe?g|png|mp3|m4a|wav)$)/i],
	['WeTransfer', ['wetransfer.com', 'we.tl']],
	['MEGA', ['mega.nz', 'mega.co.nz', 'mega.io']],
	['Box', ['box.com'], /^\/(s|file|folder|v)\//],
	['pCloud', ['pcloud.link', 'pcloud.com'], /^\/publink/],
	['MediaFire', ['www.mediafire.com', 'app.mediafire.com']],
	['GoFile', ['gofile.io'], /^\/d\//],
	['SendSpace', ['www.sendspace.com'], /^\/file\//],
	['Smash', ['fromsmash.com']],
	['SwissTransfer', ['swisstransfer.com'], /^\/d\//],
	['Yandex Disk', ['disk.yandex.com', 'disk.yandex.ru', 'yadi.sk', 'disk.360.yandex.ru']],
	['TeraBox', ['terabox.com', '1024terabox.com']],
	['Proton Drive', ['drive.proton.me']],
	['Dailymotion', ['dailymotion.com', 'dai.ly']],
	['ImgBB', ['ibb.co', 'imgbb.com'], /^\/[\w-]+\/?$/],
	['Postimages', ['postimg.cc', 'postimages.org'], /^\/(?!.*\.(jpe?g|png|gif|webp)$)/i],
	['Imgur', ['imgur.com'], /^\/(?!.*\.(jpe?g|png|gif|webp)$)/i],
	['Flickr', ['www.flickr.com', 'flickr.com', 'flic.kr']],
	['Gyazo', ['gyazo.com'], /^\/\w+$/],
	['Unsplash', ['unsplash.com'], /^\/(\w\w\/)?photos\/(?!.*\/download)/],
	['Pexels', ['www.pexels.com']],
	['Pixabay', ['pixabay.com'], /^\/(photos|illustrations|music|sound-effects|\w\w\/photos)\//],
	['Freepik', ['www.freepik.com']],
	['Pinterest', ['pinterest.com', 'pin.it']],
	['Canva', ['www.canva.com']],
	['Figma', ['www.figma.com']],
	['Notion', ['www.notion.so', 'notion.site'], /^\/(?!image\/)/],
	['Telegram', ['t.me', 'web.telegram.org']],
	['Discord', ['discord.com'], /^\/channels\//],
	['the AWS console', ['console.aws.amazon.com']],
	['the Google Cloud console', ['console.cloud.google.com']],
	['Airtable', ['airtable.com'], /^\/(app|shr)/],
	['ElevenLabs', ['elevenlabs.io'], /^\/(app|speech-synthesis|share)\b/],
	['Vocaroo', ['vocaroo.com', 'voca.ro'], /^\/\w+$/],
];

/** Pages that play something. */
export const PLAYER_PAGES: readonly PageHost[] = [
	['YouTube', ['youtube.com', 'youtu.be', 'youtube-nocookie.com']],
	['Vimeo', ['vimeo.com'], /^\/(?!.*\.mp[34]$)/],
	['TikTok', ['www.tiktok.com', 'vm.tiktok.com', 'vt.tiktok.com', 'tiktok.com']],
	['Instagram', ['www.instagram.com', 'instagram.com']],
	['Facebook', ['www.facebook.com', 'm.facebook.com', 'facebook.com', 'fb.watch']],
	['X', ['twitter.com', 'x.com']],
	['Spotify', ['open.spotify.com', 'spotify.link']],
	['SoundCloud', ['soundcloud.com']],
	['Apple Podcasts', ['podcasts.apple.com', 'music.apple.com']],
	['Twitch', ['twitch.tv']],
	['Bilibili', ['www.bilibili.com', 'b23.tv']],
	['Loom', ['www.loom.com', 'loom.com']],
	['Reddit', ['reddit.com']],
	['LinkedIn', ['www.linkedin.com']],
	['Deezer', ['deezer.com']],
	['Giphy', ['giphy.com'], /^\/(gifs|clips|stickers)\//],
	['Tenor', ['tenor.com'], /^\/view\//],
];
