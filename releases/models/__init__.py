from releases.models.absence import Absence
from releases.models.address import Address
from releases.models.agency import Agency, AgencyName
from releases.models.agreement import (
    Agreement,
    AgreementEvent,
    AgreementText,
    Mention,
    Party,
    PartyAction,
    Relation,
    Signatory,
)
from releases.models.annex import Annex, Illustration, SiteFile, Upload
from releases.models.autosave import Autosave
from releases.models.blob import Blob, PageText
from releases.models.content_version import ContentVersion
from releases.models.contributor import EditionContributor
from releases.models.edition import Edition
from releases.models.issuer import Issuer
from releases.models.ledger import LedgerEntry
from releases.models.mail import Announcement, Delegation, Mail, MailPreference
from releases.models.membership import (
    Membership,
    Presence,
    SecondFactorReset,
    SignInCount,
    SuperuserGrant,
)
from releases.models.newsroom import Newsroom
from releases.models.notice import Notice
from releases.models.outside_link import HostTurn, LinkReading, OutsideLink
from releases.models.past_issuer import PastIssuer
from releases.models.proposal import Proposal
from releases.models.redirect import Redirect
from releases.models.release import Release, SitePage, Source
from releases.models.review import Clearance, Comment, CommentReading, PreviewLink, PreviewVisit
from releases.models.section import Section
from releases.models.session import Session
from releases.models.standing_text import AgencyContact, Boilerplate
from releases.models.suggestion import Suggestion
from releases.models.synonym import Synonym
from releases.models.worker import Worker

__all__ = [
    "Absence",
    "Address",
    "Agency",
    "AgencyContact",
    "AgencyName",
    "Agreement",
    "AgreementEvent",
    "AgreementText",
    "Annex",
    "Announcement",
    "Autosave",
    "Blob",
    "Boilerplate",
    "Clearance",
    "Comment",
    "CommentReading",
    "ContentVersion",
    "Delegation",
    "Edition",
    "EditionContributor",
    "HostTurn",
    "Illustration",
    "Issuer",
    "LedgerEntry",
    "LinkReading",
    "Mail",
    "MailPreference",
    "Membership",
    "Mention",
    "Newsroom",
    "Notice",
    "OutsideLink",
    "PageText",
    "Party",
    "PartyAction",
    "PastIssuer",
    "Presence",
    "PreviewLink",
    "PreviewVisit",
    "Proposal",
    "Redirect",
    "Relation",
    "Release",
    "SecondFactorReset",
    "Section",
    "Session",
    "SignInCount",
    "Signatory",
    "SiteFile",
    "SitePage",
    "Source",
    "Suggestion",
    "SuperuserGrant",
    "Synonym",
    "Upload",
    "Worker",
]
