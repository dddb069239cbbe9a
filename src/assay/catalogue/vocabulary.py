"""The closed words of the catalogue: an unknown one in a file is an error, never a new kind of thing."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """A category of the trust services criteria; Security is in every scope."""

    SECURITY = "security"
    AVAILABILITY = "availability"
    CONFIDENTIALITY = "confidentiality"
    PROCESSING_INTEGRITY = "processing_integrity"
    PRIVACY = "privacy"

    @property
    def label(self) -> str:
        """The category as people write it: "Processing integrity"."""
        return str(self.value).replace("_", " ").capitalize()


class Kind(StrEnum):
    """How a control works, which decides how an auditor tests it (DESIGN, section 10)."""

    CONFIGURATION = "configuration"
    PERIODIC = "periodic"
    PER_EVENT = "per event"
    DOCUMENT = "document"
    OBSERVATION = "observation"


class Cadence(StrEnum):
    """How often a control operates; where a parameter governs it, this is the name of that parameter's default."""

    CONTINUOUS = "continuous"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"

    @property
    def days(self) -> range | None:
        """The lengths in days that the cadence stands for; None for continuous."""
        return _DAYS.get(self)


_DAYS = {
    Cadence.DAILY: range(1, 2),
    Cadence.WEEKLY: range(7, 8),
    Cadence.MONTHLY: range(28, 32),
    Cadence.QUARTERLY: range(84, 93),
    Cadence.SEMIANNUAL: range(180, 185),
    Cadence.ANNUAL: range(360, 367),
}


class Trigger(StrEnum):
    """What calls for a control that works per event: the population it is tested over."""

    JOINER = "joiner"
    LEAVER = "leaver"
    WORKER_ROLE_CHANGE = "role change of a worker"
    ROLE_CHANGE = "role change"
    ORGANISATION_CHANGE = "organisation change"
    SYSTEM_CHANGE = "system change"
    COMMITMENT_CHANGE = "commitment change"
    SPECIFICATION_CHANGE = "specification change"
    PRACTICE_CHANGE = "practice change"
    NOTICE_CHANGE = "notice change"
    CODE_CHANGE = "code change"
    INFRASTRUCTURE_CHANGE = "infrastructure change"
    EMERGENCY_CHANGE = "emergency change"
    SUBPROCESSOR_CHANGE = "subprocessor change"
    RELEASE = "release"
    NEW_DESIGN = "new design"
    NEW_VENDOR = "new vendor"
    NEW_PROCESSING = "new processing"
    ACCESS_REQUEST = "access request"
    DATA_SUBJECT_REQUEST = "data subject request"
    AUTHORITY_REQUEST = "authority request"
    POLICY_BREACH = "policy breach"
    PRIVACY_BREACH = "privacy breach"
    PRIVACY_COMPLAINT = "privacy complaint"
    DEFICIENCY = "deficiency"
    INCIDENT = "incident"
    ALERT = "alert"
    VULNERABILITY = "vulnerability"
    DEVICE_LOSS = "device loss"
    DISPOSAL = "disposal"
    JOB_FAILURE = "job failure"
    REPORT_USE = "use of a report"
    DATA_COPY = "data copy"
    DATA_COLLECTION = "data collection"
    DATA_TRANSFER = "data transfer"
    CONSENT_WITHDRAWAL = "consent withdrawal"
    CONFIDENTIAL_DISCLOSURE = "confidential disclosure"
    PERSONAL_DATA_DISCLOSURE = "personal data disclosure"
    VENDOR_CONTRACT = "vendor contract"
    DATA_PROCESSING_CONTRACT = "data processing contract"
    VENDOR_EXIT = "vendor exit"
    CUSTOMER_EXIT = "customer exit"


class EvidenceKind(StrEnum):
    """What shows a control: an approved document, settings over time, a population, a periodic record, or a person's note."""

    DOCUMENT = "document"
    CONFIGURATION = "configuration"
    POPULATION = "population"
    RECORD = "record"
    OBSERVATION = "observation"


class Nature(StrEnum):
    """Who performs a control and what it is for."""

    MANUAL_PREVENTIVE = "manual, preventive"
    MANUAL_DETECTIVE = "manual, detective"
    MANUAL_CORRECTIVE = "manual, corrective"
    AUTOMATED_PREVENTIVE = "automated, preventive"
    AUTOMATED_DETECTIVE = "automated, detective"
    AUTOMATED_CORRECTIVE = "automated, corrective"
    HYBRID_PREVENTIVE = "hybrid, preventive"
    HYBRID_DETECTIVE = "hybrid, detective"
    HYBRID_CORRECTIVE = "hybrid, corrective"


class System(StrEnum):
    """What kind of system the company sells."""

    SAAS = "saas"
    API = "api"
    PAAS = "paas"
    DATA_PROCESSING = "data_processing"
    MANAGED_SERVICE = "managed_service"

    @property
    def words(self) -> str:
        """What the company sells, as the end of a sentence: "the company sells …"."""
        return _SYSTEMS[self]


_SYSTEMS = {
    System.SAAS: "an application",
    System.API: "an interface for programs",
    System.PAAS: "a platform",
    System.DATA_PROCESSING: "the processing of data",
    System.MANAGED_SERVICE: "a service that it runs for others",
}


class Trait(StrEnum):
    """A fact about the company that decides which controls make sense; one that is not stated does not hold."""

    USES_CLOUD = "uses_cloud"
    OWN_DATA_CENTRE = "own_data_centre"
    USES_SSO = "uses_sso"
    DEVELOPS_SOFTWARE = "develops_software"
    CUSTOMERS_SIGN_IN = "customers_sign_in"
    SINGLE_TENANT = "single_tenant"
    HAS_OFFICE = "has_office"
    REMOTE_ONLY = "remote_only"
    HAS_CONTRACTORS = "has_contractors"
    HANDLES_PERSONAL_DATA = "handles_personal_data"
    TRANSFERS_PERSONAL_DATA = "transfers_personal_data"
    HANDLES_PHI = "handles_phi"

    @property
    def question(self) -> str:
        """The question whose yes states the trait."""
        return _QUESTIONS[self]

    @property
    def fact(self) -> str:
        """What the trait says, as the end of a sentence: "the company …"."""
        return _FACTS[self]


_FACTS = {
    Trait.USES_CLOUD: "runs the system at a cloud or hosting provider",
    Trait.OWN_DATA_CENTRE: "runs the system in rooms of its own",
    Trait.USES_SSO: "signs in through one identity provider",
    Trait.DEVELOPS_SOFTWARE: "writes the software of the system",
    Trait.CUSTOMERS_SIGN_IN: "lets customers' people sign in",
    Trait.SINGLE_TENANT: "gives each customer a system of its own",
    Trait.HAS_OFFICE: "has an office",
    Trait.REMOTE_ONLY: "works without an office",
    Trait.HAS_CONTRACTORS: "has contractors work on the system",
    Trait.HANDLES_PERSONAL_DATA: "holds personal data of customers' people",
    Trait.TRANSFERS_PERSONAL_DATA: "sends personal data across borders",
    Trait.HANDLES_PHI: "holds health information that HIPAA protects",
}
_QUESTIONS = {
    Trait.USES_CLOUD: "Does the system run at a cloud or hosting provider?",
    Trait.OWN_DATA_CENTRE: "Does the system run on machines in rooms that the company itself owns or rents?",
    Trait.USES_SSO: "Do workers sign in through one identity provider?",
    Trait.DEVELOPS_SOFTWARE: "Does the company write the software of the system?",
    Trait.CUSTOMERS_SIGN_IN: "Do customers' people sign in to the system?",
    Trait.SINGLE_TENANT: "Does each customer have a system of its own, sharing none with others?",
    Trait.HAS_OFFICE: "Does the company have an office?",
    Trait.REMOTE_ONLY: "Does everybody work remotely, with no office at all?",
    Trait.HAS_CONTRACTORS: "Do contractors work on the system?",
    Trait.HANDLES_PERSONAL_DATA: "Does the system hold personal data of customers' people?",
    Trait.TRANSFERS_PERSONAL_DATA: "Does personal data cross borders?",
    Trait.HANDLES_PHI: "Does the system hold health information that HIPAA protects?",
}
