"""Turns a line into the kind of aside that its words give away wherever it stands, or into nothing.

A line is known by being nothing else than a phrase that pages print around their stories, or by having the whole form
of one. What names another outlet as the story's origin ("Source: Reuters"), or those who reported it, is never clutter:
it is a credit.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from index.records import AsideKind

LONGEST: Final = 600
"""Characters of a line; a longer one is a paragraph of the story, or a note."""

_PHRASES: Final[dict[AsideKind, str]] = {
    "promotion": """
        subscribe | subscribe now | subscribe today | subscribe to continue reading | become a member | donate
        donate now
        support us | support our journalism | sign in | log in | login | log in to continue | sign up | register
        register now | skip advertisement | skip ad | loading ad | remove ads | promoted content | promoted | promotion
        ad | ads | partner content | paid partnership | in partnership with | recommended by outbrain
        recommended by taboola
        enter your email | enter your email address | your email address | email address | i'm in | no thanks
        thank you for subscribing | thanks for subscribing | you have successfully subscribed | newsletter | newsletters
        something went wrong. please try again | something went wrong. please try again later | invalid email
        listen to this article | listen to this story | listen to article | getting your trinity audio player ready
        copy link | link copied | copied | copy url | pin it | pin | save | save article | bookmark | gift this article
        share this | like this | like loading | share it | share on | send | report this ad | open in app | why ads
        advertise | advertise with us | our apps | get the app | watch live | watch live tv | listen live
        view this email in your browser | view in browser | view online | unsubscribe | unsubscribe from this list
        forwarded message | begin forwarded message | sent from my iphone | sent from my mobile
        add us to your address book
        download | transcript | loading something is loading | something is loading
        we will never share your email | you can unsubscribe at any time | unsubscribe at any time | story continues
        advertisment | sponsored links | taboola | outbrain | powered by outbrain | promoted by taboola | report ad
        hide ad | close ad | close | play | available on google play | available on the app store | support our work
        buy us a coffee | buy me a coffee | order reprints | reprints | request a correction | my account | like
        quick links | useful links | shares | share page | share via | save story | paid | paid subscribers only
        print this article | email article
        email this article | text this article | story saved | article saved | click to copy | add to favorites
        abonnieren | jetzt abonnieren | s'abonner | abonnez-vous | suscríbete | suscribirse | abbonati | assine
        anzeige | werbung | publicité | publicidad | pubblicità | publicidade | advertentie | реклама | reklama | reklam
        teilen | partager | compartir | condividi | compartilhar | delen | поделиться | поширити | udostępnij | paylaş
        drucken | imprimer | imprimir | stampa | merken | artikel teilen | artikel merken
    """,
    "cookie": """
        we value your privacy | manage preferences | manage cookies | cookie consent | i accept | i agree | got it
        terms of service | terms of use | terms and conditions | terms & conditions
        do not sell my personal information
        contact us | about us | our team | careers | faq | sitemap | imprint | impressum | disclaimer
        home | menu | search | search for | manage consent | site map | contact | print friendly
        print friendly, pdf & email
        end of article | ends | end | 30 | name | notify me of new posts by email
        notify me of follow-up comments by email
        skip to content | skip to main content | jump to navigation | main menu
        toggle navigation | back to top | scroll to top | loading | please wait | print | print this page
        javascript is disabled in your browser | your browser does not support the video tag
        your browser does not support the audio element | please enable javascript to view this page
    """,
    "related": """
        related | recommended | trending | trending now | trending stories | see also | also read | read also
        read more
        read next | read on | up next | next up | more like this | most recent
        what to read next | what others are reading | what we're reading
        you may also like | you might also like | you may like | you might like | we recommend | more to explore
        more from the web | from the web | around the web | from our partners | from around the web | sponsored stories
        more from this author | more on this story | more on this topic | more in this section | view all | see all
        view more | show more | see more | load more | more | next | previous | prev | next post | previous post
        don't miss | in case you missed it | icymi | must read | must reads | editor's pick | editors' picks
        editor's picks
        breaking news | latest news | latest | top stories | top news | popular | popular posts | recent posts
        recent comments | archives | categories | tags | topics | comments | leave a comment | leave a reply
        post comment
        post a comment | add a comment | write a comment | be the first to comment | comments are closed
        go to comments
        view comments | load more comments | reply | cancel reply | join the conversation | join the discussion
        have your say
        about the author | about author | meet the author | author bio | view all posts | view this post on instagram
        view on twitter | view on x | video player | play video | fullscreen
        rate this article | rate this story | report an error | report a typo | was this article helpful
        was this helpful
        email | website | save my name, email, and website in this browser for the next time i comment
        next story | previous story | next article | previous article | topics in this article | in this article
        check also | you might also be interested in | more about | hot topics | older posts | newer posts | in pictures
        in this story | learn more | hide | expand | breaking | no comments yet | no comments | log in to comment
        login to comment | leave a reply cancel reply | hide comments | loading comments | jump to comments | category
        see author's posts | rate this post | audio player | video unavailable | this video cannot be played
        contents | leer en español | read in english | lire en français | filed under | tagged
        mehr zum thema | lesen sie auch | auch interessant | weiterlesen | lire aussi | à lire aussi | sur le même sujet
        lea también | te puede interesar | más información | leggi anche | leia também | leia mais | lees ook
        читайте также | читайте також | по теме | czytaj także | czytaj też | ilgili haberler | läs också | baca juga
        kommentare | commentaires | comentarios | commenti | комментарии | коментарі | komentarze | yorumlar
        table of contents | on this page | key points | follow | follow us | following
    """,
    "caption": """
        image | photo | photos | picture | enlarge this image | enlarge image | click to enlarge | hide caption
        toggle caption | show caption | caption | view gallery | open gallery | image source | getty | getty images
        image caption | file photo | screenshot | screengrab | screen grab | video | gallery | slideshow
        open image in gallery
    """,
    "counter": """
        a a a | a a | a- a+ | aa | font size | text size | min read
    """,
}
_KNOWN: Final[dict[str, AsideKind]] = {
    " ".join(phrase.split()): kind
    for kind, phrases in _PHRASES.items()
    for line in phrases.strip().splitlines()
    for phrase in line.split("|")
}
_LONGEST_PHRASE: Final = 2 * max(map(len, _KNOWN))  # characters of a line that may be one, however it is spaced

_SITES = (
    r"(?:twitter|facebook|instagram|youtube|telegram|whatsapp|linkedin|tiktok|snapchat|pinterest|reddit|messenger"
    r"|tumblr"
    r"|google(?:\+| news)|apple (?:news|podcasts)|itunes|spotify|soundcloud|threads|bluesky|flipboard|x\.com|rss)"
)
_PLEA = (
    r"(?:(?:kindly|please|also|and|now|click here to|don['’]t forget to|you can(?: also)?"
    r"|(?:for|want|get|stay|love|enjoy|like|never)\b[^.?!,—–]{0,60}[,?!—–])\s*)*+"
)
_AFTERS = (
    r"(?:@\w+|https?://\S+|[\s,.:;&|@()!-]|(?:and|or|at|on|for|our|us|we|like|join|follow|visit|page|channel|group"
    r"|too|also|here|now|today|more"
    rf"|latest|news|updates|you|can|are|the|via|{_SITES})\b)*+"
)
_LISTED = (
    r"(?:articles?|stories|story|posts?|news|content|topics?|links?|coverage|reading|videos?|headlines|items|now|today"
    r"|for you|here|on the web)"
)
_CREDITED = r"(?:getty(?: images)?|ap|afp|reuters|epa|upi|shutterstock|instagram|associated press|bloomberg|wikimedia)"
_SHARING = rf"(?:share|tweet|e-?mail|print|copy link|comments?|save|{_SITES}|pin it|sms|gmail|sharethis|more)"


def _whole(*patterns: str) -> re.Pattern[str]:
    """Any of the patterns as a whole line in small letters, tried in half the time that any case takes; what it calls
    by a name begins with a capital where it is printed."""
    return re.compile("|".join(rf"(?:{pattern})" for pattern in patterns))


_FORMS: Final[tuple[tuple[AsideKind, re.Pattern[str]], ...]] = (
    (
        "promotion",
        _whole(
            rf"{_PLEA}follow\b.{{1,120}}?(?:\bon|@)\s?{_SITES}\b{_AFTERS}",
            rf"{_PLEA}follow @\w+|follow (?P<followed>[a-z])[^.?!:,]{{2,40}}",
            rf"{_PLEA}share (?:this|the|our)\b.{{1,30}}",
            r"twitter\s?: ?@\w+",
            rf"{_PLEA}(?:join|like|visit) (?:us|our)\b.{{0,60}}?\b(?:{_SITES}|group|channel|page|community)\b{_AFTERS}",
            r"(?:do|are) you .{1,80}\? like (?:the|our|this) page",
            r"(?:click|tap) here (?:to|for) (?:follow|subscribe|join|read|get|sign|download|watch|more)\b.{0,100}",
            rf"{_PLEA}subscribe(?: (?:now|today|here|free))?(?: (?:to|for|on)\b.{{1,120}})?",
            rf"{_PLEA}sign up\b.{{0,60}}?\b(?:newsletters?|e-?mails?|inbox|alerts?|updates|briefing)\b.{{0,80}}",
            r"get (?:the|our|all|daily|breaking|more)\b.{0,80}\b(?:newsletter|inbox|e-?mail|whatsapp|telegram"
            r"|app)\b.{0,40}",
            rf"(?:follow us|{_SHARING})(?:[\s,|/·•:]+(?:{_SHARING}|on|via|to|this|article|story|post"
            rf"|link))*(?: \(opens in (?:a )?new window)?",
            rf"click to (?:share|e-?mail|print|play|watch|enlarge|view)\b.{{0,80}}|(?:{_SHARING}(?: on)? ?){{3,}}",
            r"advert(?:isements?|isings?)?|sponsored(?: (?:content|post))?|paid (?:post|content)",
            r"(?:advertisement\W{0,3})?(?:(?:article|story|post) continues (?:below|after)|scroll to continue).{0,40}",
            r"scroll (?:down )?(?:to|for) (?:continue|more)\b.{0,40}|continue reading\b.{0,80}",
            r"(?:for .{0,60}, )?download (?:our|the) .{0,40}\bapp\b.{0,60}|for .{0,60}, download our app",
            r"(?:support (?:our|independent) journalism|become a (?:member|subscriber|patron))\b.{0,60}",
            r"stay (?:tuned|up to date|up-to-date|informed|connected|updated)\b.{0,80}",
            r"listen (?:\(?\d+ min(?:ute)?s?\)?|to (?:this|the) (?:article|story)\b.{0,30})",
            r"(?:already|not) (?:a|an) (?:subscriber|member)\b.{0,60}|(?:existing )?subscribers? log ?in\b.{0,40}",
            r"you(?:['’]ve| have) (?:reached|read|used)\b.{0,60}\bfree (?:articles?|stories)\b.{0,80}",
            r"(?:to|want to) (?:continue|keep|read|unlock)\b.{0,60}\b(?:subscribe|log ?in|sign (?:in|up)"
            r"|register)\b.{0,60}",
            r"(?:try|start) .{0,60}\b(?:free trial|subscription|trial)\b.{0,60}|unlimited (?:digital )?access\b.{0,80}",
            r"(?:have|got|do you have|know) (?:a|any|an) (?:\w+ )?(?:story|tips?)\b.{0,60}\?(?: .{0,120})?",
            r"(?:e-?mail|contact|reach|write to)\b[^.?!]{0,60}\b(?:at|via|on):? \S+@\S+",
            r"this (?:story|article|report) has not been edited by .{0,140}",
            r"share or comment on\b.{0,120}",
            r"a version of this (?:article|story|review|obituary|essay) (?:appears?|appeared|was published"
            r"|ran)\b.{0,300}",
            r"thank(?:s| you) for reading\b.{0,80}\b(?:subscribe|support|share|donate)\b.{0,160}",
            r"you(?:['’]ve| have) (?:\d+|one|two|three|no) (?:more )?(?:free )?(?:articles?|stories) (?:left"
            r"|remaining)\b.{0,60}",
            r"(?:story|article) saved.{0,80}|.{0,40}find your bookmarks\b.{0,80}",
            r"join (?:our|the) (?:comment\w*|conversation|discussion|debate|forum)\b.{0,60}",
            r"(?:discover|read|get) (?:more|extra)? ?(?:unlimited|full|digital) (?:access|articles)\b.{0,60}",
            r"enter your e-?mail(?: address)? (?:to|and|below)\b.{0,60}|join [\d,]+ (?:other )?\w+ (?:who"
            r"|and)\b.{0,60}",
            r"(?:what do you think|(?:let us know|tell us|have your say|share your (?:views?|thoughts?"
            r"|opinions?))\b[^.?!]{0,60})"
            r"[?.!]?(?: .{0,60})?\bcomments?\b.{0,30}",
            r"(?:get in touch|for more stories)\b.{0,120}\S+@\S+",
            r"you(?:['’]re| are) receiving this\b.{0,200}|no longer (?:want|wish) to receive\b.{0,120}",
            r"(?:(?:unsubscribe|(?:manage|update) (?:your )?(?:e-?mail )?(?:preferences|profile|subscriptions?)"
            r"|forward to a"
            r" friend|view (?:this e-?mail )?(?:online|in (?:your |a )?browser)|privacy policy)(?:\s*[|·•/-]\s*"
            r"|$)){2,}",
            r"follow .{2,60} at https?://\S+|powered by (?P<engine>[a-z])\S{2,30}",
            r"send your (?:comments|letters|views|thoughts|opinions)\b.{0,80}",
            r"don['’]t miss (?:out|a thing|a story|an update)\b.{0,120}",
            r"this is a (?:developing|breaking)(?: news)? story\b.{0,80}",
            r"heard on .{3,40}|our standards: .{0,80}|why you can trust .{2,60}|add as a preferred source\b.{0,30}",
        ),
    ),
    (
        "cookie",
        _whole(
            r"(?:this|our) (?:web)?site uses (?:cookies|akismet)\b.*",
            r"we(?: and our (?:\d+ )?partners)? use cookies (?:to|and|on|for)\b.*",
            r"by (?:continuing|clicking|using|browsing|closing|signing up|subscribing|submitting|registering)\b.{0,140}"
            r"\b(?:cookies?|privacy policy|terms(?: of (?:use|service))?)\b.*",
            r"(?:accept|reject|decline|manage)(?: all)?(?: cookies)?|(?:cookie|privacy) (?:policy|settings"
            r"|preferences|notice)",
            r"(?:(?:privacy policy|cookie policy|terms(?: of (?:use|service)| and conditions| & conditions)?"
            r"|contact(?: us)?"
            r"|about(?: us)?|advertis\w+|careers|sitemap|accessibility|help|home)(?:\s*[|·•/-]\s*|\s{2,}|$)){2,}",
            r"we(?: are|['’]re) sorry, ?this video is\b.{0,80}|please (?:enable|turn on) javascript\b.{0,100}",
            r"(?:copyright|©|\(c\)|copyright ©)(?: ?(?:©|\(c\)))? ?(?:by .{2,60})?(?:19|20)\d\d\b.{0,200}",
            r"© .{2,80}",
            r"your e-?mail address will not be published\b.{0,80}|required fields are marked\b.{0,10}",
            r"home(?: ?[»›>/|→] ?[^»›>/|→]{1,60})+",
            r"copyright (?:©|\(c\))? ?(?P<owner>[a-z])[\w&’'-]*(?: [\w&’'-]+){0,2}",
            r"this site is protected by recaptcha\b.*|you are here\b.{0,80}",
            r"length ?: ?\d+ words?|load-date ?: ?.{4,40}",
            r"(?:section|publication-type|document-type|journal-code|language) ?: ?(?P<filed>[a-z]).{0,80}",
            r"(?:wir (?:verwenden|nutzen)|nous utilisons|utilizamos|usamos|utilizziamo|wij gebruiken|мы используем"
            r"|diese (?:web)?site (?:verwendet|nutzt)|ce site utilise|este sitio (?:web )?(?:utiliza|usa)|questo sito"
            r" (?:utilizza|usa))\b.{0,20}\bcookies?\b.*",
        ),
    ),
    (
        "related",
        _whole(
            r"(?:(?:related|recommended|similar|recent|latest|trending|featured|more|other|popular|top|internet|web) )+"
            rf"{_LISTED}(?: {_LISTED})*",
            r"(?:post|add|write) (?:a|your) comment|(?:view |show |read )?(?:all )?comments?(?: ?\(?\d+)?",
            r"(?:previous|next) (?:article|story|post)(?: ?[:|–-] ?)?(?P<neighbour>[a-z]).{3,160}",
            r"share this(?: (?:article|story|post))?|about (?:the )?authors?",
            r"also on \S+(?: \S+){0,2}|most (?:read|watched|viewed|shared|popular|commented)(?: \w+){0,3}",
            r"(?:tags|tagged|filed under|categories|topics|related topics|posted in|keywords)(?: with)? ?: ?\S.{0,150}",
            r"(?:posted in|(?:read|more|category) ?:) ?(?P<section>[a-z])[^.,]{2,40}|(?:read|more) ?:"
            r" ?(?P<led>[a-z]).{3,160}",
            r"(?:read(?: more(?: about)?| also| next| this)|also read|see also|related|don['’]t miss|recommended"
            r"|next (?:article"
            r"|story|post|up)"
            r"|previous (?:article|story|post)|must read|watch(?: now| live)?|video|in pictures|gallery)"
            r"(?: ?[:|] ?| ?[–-] )\S.{3,160}",
            r"(?:lesen sie auch|(?:à )?lire aussi|lea también|leggi anche|leia também|lees ook|читайте (?:также"
            r"|також)|czytaj"
            r" (?:także|też)|läs också|baca juga) ?[:–-] ?\S.{3,160}",
            r"watch(?: (?:the|this|full|live))*(?: (?:video|clip|interview))?",
            r"(?:watch|listen to) (?:the|a|an|this|his|her|their|it|more|live)\b.{0,60}?\b(?:below|above|here)",
            r"watch (?:below|above|here)",
            r"https?://\S+|pic\.twitter\.com/\w+|www\.\S+",
            r"(?:(?:more (?:from|by|in|on)|view all posts by|all (?:articles|posts|stories) by"
            r"|about) (?=[a-z][^.?!]{1,50}$)"
            r"|related (?:stories|articles|posts))(?P<name>[a-z]).*",
        ),
    ),
    (
        "caption",
        _whole(
            r"(?:file |stock )?(?:photo(?:graph)?s?|images?|picture|illustration)(?: (?:credits?|source|copyright))?"
            r"(?: ?[:/|©] ?| by | via | courtesy |, (?=getty|reuters|afp|epa|ap\b|pa\b))\S.{0,100}",
            r"(?:ap|afp|epa|reuters|getty) photos?/.{2,60}|credits?(?:: ?|…|\.\.\.)(?P<credited>[a-z]).{2,60}",
            r"a post shared by .{2,80}",
            r"(?:file )?photo: .{5,300}|image caption[,:]? .{3,300}",
        ),
    ),
    (
        "counter",
        _whole(
            r"(?:\d[\d,.]*\s?[km]?) ?shares?(?: share(?: tweet)?)?|share \d[\d,.]*[km]?(?: tweet \d[\d,.]*[km]?)?",
            r"\d(?:\.\d)?/5\b.{0,30}|post views ?: ?\d[\d,.]*|listen\W{1,4}\d{1,2}:\d\d(?: min)?",
            r"(?:no|\d[\d,.]*\s?[km]?) (?:comments?|shares?|views?|likes?|retweets?|replies|reactions?|reads)",
            r"(?:comments?|shares?|views?|likes?|reads) ?[:(]? ?\d[\d,.]*[km]?",
            r"\d{1,3}[ -]min(?:ute)?s?(?: (?:read|listen|watch))?|(?:estimated )?read(?:ing)? time ?:? ?\d+\b.{0,12}",
            r"\+ ?\d{1,3}(?: more)?|(?:lesezeit|temps de lecture|tiempo de lectura|tempo (?:di lettura|de leitura)"
            r"|leestijd"
            r"|время чтения)\b.{0,20}|\d+ (?:kommentare?|commentaires?|comentarios?|commenti|комментари\w+"
            r"|просмотр\w*)",
            r"\d{1,3} of \d{1,3}|\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d|0?0:\d\d",
        ),
    ),
    (
        "date",
        _whole(
            r"(?:(?:first |last )?(?:published|updated|posted|modified)(?: on| at)?:? )?(?:about |over )?(?:\d{1,3}"
            r"|an?|one|two|three)\s?"
            r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|[hmd])(?: ago)",
            r"\d{1,2}\s?[hmd]|just now|yesterday|today",
        ),
    ),
)
_BEGINNING = re.compile(r"[^\s'’:,.(/]{1,4}")


def _beginning(line: str) -> str:
    """A line's first letters in one case, up to the fourth of its first word."""
    match = _BEGINNING.match(line)
    return match[0].casefold() if match else ""


_OPENINGS: Final = frozenset(
    _beginning(word)
    for word in (
        "a about accept accessibility add advertisement all already also an and apple apps are article become "
        "bluesky by careers categories click comments contact continue cookie copy decline do don't download email "
        "enjoy estimated existing facebook featured file first flipboard follow for gallery get gmail google got have "
        "heard help home http illustration image in instagram internet itunes join just key kindly know last latest "
        "like linkedin listen love manage messenger modified more most must never next no not now one other our over "
        "paid photo picture pinterest please popular posted previous print privacy published read recommended reddit "
        "reject related required rss save scroll see share show sign similar sitemap sms snapchat soundcloud spotify "
        "start stay story subscribe support tagged tap telegram terms this threads tiktok to today top trending try "
        "tumblr tweet twitter two unlimited updated video view visit want watch we web what why write www x.com "
        "yesterday you "
        "ap afp epa reuters getty credit enter send this play posted share listen 30 ends what let tell have "
        "thank thanks discover section length load publication document journal language lesen lire à lea leggi "
        "leia lees "
        "читайте czytaj läs baca lesezeit temps tiempo tempo leestijd время wir nous utilizamos usamos utilizziamo "
        "wij мы "
        "diese ce este questo e-mail http www "
        "powered check unsubscribe forward update begin youtube tags topics pic sponsored your stock over keywords "
        "pin similar "
        "trending reads views likes scroll "
        "popular"
    ).split()
)
"""How the forms begin that do not begin with a digit or one of `_SIGNS`: a line that begins otherwise need not be tried
with each."""

_SIGNS: Final = frozenset("0123456789©(#+")

Holding = tuple[tuple[tuple[str, ...], AsideKind, re.Pattern[str]], ...]
"""Forms, each with words of which a line holds one that has it."""

HOLDING: Final[Holding] = (
    (
        (" us on ", "headlines"),
        "promotion",
        _whole(
            rf"[^“”\"]{{2,200}}\b(?:follow|like|find) us on {_SITES}\b[^“”\"]{{0,160}}",
            r"(?:[^.]{2,30} )?top headlines(?: (?:for|from|today)\b.{0,30})?",
        ),
    ),
    (("newsletter",), "promotion", _whole(r".{0,40}\bnewsletters? sign-?up")),
    (
        ("subscribers", "members", "readers"),
        "promotion",
        _whole(
            r"(?:this|the full) (?:article|story|content|post|page) is (?:for|only for|available (?:only )?to"
            r"|exclusive to|reserved for)\b.{0,40}\b(?:subscribers|members|readers)\b.{0,40}"
        ),
    ),
    (
        ("expressed",),
        "promotion",
        _whole(
            r"(?:disclaimer ?: ?)?(?:the )?(?:views?|opinions?) (?:and opinions )?expressed\b.{0,60}\b(?:own|author"
            r"|not necessarily)\b.{0,120}"
        ),
    ),
    ((" #", ",#"), "related", _whole(r"#?\w+(?:[\s,]+#\w+){2,}")),
    (("rights reserved",), "cookie", _whole(r"(?:.{0,120}\W)?all rights reserved\b.{0,300}")),
    (("appeared first on",), "cookie", _whole(r"the post (?P<post>\w).{2,160} appeared first on .{2,60}")),
    (("responsible for",), "cookie", _whole(r".{2,40} (?:is|are) not responsible for the content of external .{3,40}")),
    (("](http",), "caption", _whole(r"!?\[?[^\]]*\]\(https?:[^)]*")),
    (
        ("/", " via "),
        "caption",
        _whole(
            rf".{{1,60}}?(?:\s?/\s?|\svia\s){_CREDITED}(?:\s?/\s?\w.{{0,30}})?",
            rf".{{10,400}}\([^()]{{1,60}}/\s?{_CREDITED}\.?",
            r".{10,300} reuters/.{3,40}",
        ),
    ),
    (
        ("photo", "image", "picture", "credit", "(pic:"),
        "caption",
        _whole(
            r".{10,400}\((?:ap photo|getty images|file photo|photo by|(?:photo|image|picture|pic)(?: credits?)?:"
            r"|credits?:)[^()]{0,60}\.?",
            r".{10,400}[.)] (?:(?:file|stock|library) )?(?:photograph|photo|image|picture|credit)s?: [^.]{2,60}",
        ),
    ),
)
"""Forms that begin with anything: tried only where a line holds one of the words before them, or they take long."""

_SPOKEN = re.compile(
    r",[”\"’']* (?:the |his |her |a )?\w+(?: \w+){0,3} (?:said|says|told|asked|urged|joked|warned|wrote|shouted"
    r"|added|replied)"
    r"(?: (?:him|her|them))?$"
    r"|, (?:he|she|they|the \w+) (?:said|says|told|asked|urged|joked|warned|wrote|shouted|added|replied)\b"
)
"""What makes a sentence of the story of a phrase that pages print: that somebody said it."""

_EDGES: Final = ', \t\u00a0\ufeff"“”*_#>[]()|•·-–—.:!…«»‹›<→←↑↓▲▼►◄▶◀✕×∙⋅●■▪★☆'


def bare(line: str) -> str:
    """A line's words without the marks around them (quotation marks, Markdown, arrows, a last full stop)."""
    return line.strip(_EDGES) if len(line) <= LONGEST else ""


def holding(text: str) -> Holding:
    """The forms that begin with anything which lines of that text may have."""
    folded = text.casefold()
    return tuple(row for row in HOLDING if any(needle in folded for needle in row[0]))


@lru_cache(4096)
def _opens(head: str) -> bool:
    """Whether a line may have one of the forms, by its first four characters."""
    return head[:1] in _SIGNS or _beginning(head) in _OPENINGS


def kind(line: str, held: Holding = HOLDING) -> AsideKind | None:
    """The kind of aside that a line is, whose words are given as `bare` has them; None for anything else. `held` is
    what `holding` tells of the text that the line stands in."""
    short = len(line) <= _LONGEST_PHRASE
    opens = _opens(line[:4])
    if not (short or opens or held):
        return None
    folded = line.casefold()
    if short:
        phrase = " ".join(folded.replace("’", "'").rstrip("?").split())
        if phrase in _KNOWN:
            return _KNOWN[phrase]
    if opens:
        for form, pattern in _FORMS:
            if _fits(line, pattern.fullmatch(folded)):
                return form
    for needles, form, pattern in held:
        for needle in needles:
            if needle in folded and _fits(line, pattern.fullmatch(folded)):
                return form
    return None


def _fits(line: str, found: re.Match[str] | None) -> bool:
    """Whether a line has a form whose pattern matched it: its names stand in capitals, and nobody says it."""
    if found is None or (found.lastgroup and not line[found.start(found.lastgroup)].isupper()):
        return False
    return not _SPOKEN.search(line)
