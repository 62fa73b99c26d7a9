// What the browser does on every page of the desk; each module is one behaviour.
import "./address.js";
import "./document_source.js";
import "./error_summary.js";
import "./limits.js";
import "./link_address.js";
import "./mend_link.js";
import "./once.js";
import "./order.js";
import "./preview.js";
import "./publication_time.js";
import "./sign_out.js";
import "./tab_key.js";
import "./take_theirs.js";
import "./unsaved.js";
import "./upload.js";
import "./writing.js";
import "./writing_paste.js";
