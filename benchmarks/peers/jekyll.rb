# What Jekyll builds of the site in the folder SITE, as JSON: its posts and documents of collections with address and
# day, and the files that it copies. Plugins, theme and layouts are left out: they are programs of the site.
#
#     ruby jekyll.rb SITE

require "jekyll"
require "json"
require "tmpdir"

Jekyll.logger.log_level = :error
Dir.mktmpdir do |built|
  settings = Jekyll.configuration(
    "source" => ARGV.fetch(0), "destination" => built, "plugins" => [], "gems" => [], "whitelist" => [], "theme" => nil,
    "layouts_dir" => "_none", "plugins_dir" => "_none", "quiet" => true, "disable_disk_cache" => true
  )
  site = Jekyll::Site.new(settings)
  site.process
  documents = site.collections.values.flat_map { |collection| collection.docs.select(&:write?) }
  told = documents.map do |doc|
    { path: doc.path.delete_prefix("#{site.source}/"), url: Jekyll::URL.unescape_path(doc.url), collection: doc.collection.label,
      day: doc.date.strftime("%F"), dated: doc.date.to_i != site.time.to_i }
  end
  copied = site.static_files.select(&:write?).to_h do |file|
    [file.path.delete_prefix("#{site.source}/"), file.destination(built).delete_prefix(built)]
  end
  puts JSON.generate(posts: told, files: copied)
end
