"""Pairs of proposals, labelled by hand: is the second one the first one over again, or something of its own?

Written for these tests. Those that are alike tell of the same thing in other words, with slips, or in another order;
those that are not share a subject, a method, a turn of phrase or their tags.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.contract.facts.registrations import Proposal


@dataclass(frozen=True)
class Pair:
    one: Proposal
    other: Proposal
    alike: bool


def _proposal(name: str, said: tuple[str, ...]) -> Proposal:
    title, abstract, tags = (*said, "", "")[:3]
    return Proposal.model_validate(
        Proposal.example | {"proposal": name, "title": title, "abstract": abstract, "tags": tags.split()}
    )


def _pairs(alike: bool, *pairs: tuple[tuple[str, ...], tuple[str, ...]]) -> list[Pair]:
    return [Pair(_proposal("one", one), _proposal("other", other), alike) for one, other in pairs]


ALIKE = _pairs(
    True,
    (("Retrieval practice in ten minutes",), ("Retrieval practice in 10 minutes",)),
    (("Retrieval practice in ten minutes",), ("Ten minutes of retrieval practice",)),
    (("Dual coding for revision",), ("Revision with dual coding",)),
    (("Live marking with visualisers",), ("Live marking with a visualizer",)),
    (("Using AI to plan lessons",), ("Planning lessons with AI",)),
    (("Questioning that makes pupils think",), ("Questions that make pupils think",)),
    (("Supporting EAL learners in mainstream classes",), ("Supporting EAL learners in the mainstream classroom",)),
    (("Metacognition in maths",), ("Metacognition in mathematics",)),
    (("Reading aloud in Year 7",), ("Reading aloud with year 7 pupils",)),
    (("Low-stakes quizzing",), ("Low stakes quizzes",)),
    (("Coaching conversations",), ("Coaching conversations for middle leaders",)),
    (("Restorative practice in primary schools",), ("Restorative practices in the primary school",)),
    (("Fortbildung: Digitale Tafeln im Unterricht",), ("Digitale Tafeln im Unterricht nutzen",)),
    (("Classroom talk that works",), ("Clasroom talk that works",)),
    (("Working memory and lesson design",), ("Lesson design and working memory",)),
    (
        (
            "Quizzes that stick",
            "Pupils recall last week's ideas at the start of each lesson by short quizzes.",
            "recall",
        ),
        (
            "Starter quizzes",
            "Short quizzes at the start of each lesson let pupils recall ideas of last week.",
            "recall",
        ),
    ),
    (
        ("Feedback without marking", "Whole-class feedback instead of marking thirty books each night.", "feedback"),
        ("Whole-class feedback", "Instead of marking thirty books, give whole-class feedback.", "feedback workload"),
    ),
    (
        ("Phonics catch-up", "A daily phonics catch-up for pupils who join in Year 3.", "phonics primary"),
        ("Phonics catch-up in Year 3", "Daily catch-up in phonics for those who join late.", "phonics primary"),
    ),
    (
        ("Field trips on a shoestring", "Cheap local field trips for geography, with risk assessments.", "geography"),
        ("Geography field trips on a budget", "Local trips that cost little, risk assessments included.", "geography"),
    ),
    (
        ("Sketchnoting", "Take visual notes with simple shapes; bring a pen.", "notes"),
        ("Sketchnotes for beginners", "Visual notes with simple shapes: bring pen and paper.", "notes drawing"),
    ),
)
DIFFERENT = _pairs(
    False,
    (("Retrieval practice in ten minutes",), ("Differentiation in ten minutes",)),
    (("Metacognition in maths",), ("Manipulatives in maths",)),
    (("Reading aloud in Year 7",), ("Writing stamina in Year 7",)),
    (("Using AI to plan lessons",), ("Using drama to plan assemblies",)),
    (("Coaching conversations",), ("Difficult conversations with parents",)),
    (("Supporting EAL learners",), ("Supporting new teachers",)),
    (("Classroom talk that works",), ("Classroom layouts that work",)),
    (("Behaviour routines",), ("Reading routines",)),
    (("Digitale Tafeln im Unterricht",), ("Humor im Unterricht",)),
    (("An introduction to Learning Rounds",), ("An introduction to podcasting",)),
    (("Science on a shoestring",), ("Music technology",)),
    (("Marking less",), ("Mentoring more",)),
    (("Dual coding for revision",), ("Podcasts for revision",)),
    (("Starting a gardening club",), ("Starting a debating club",)),
    (("Talk: sleep and learning",), ("Talk: sport and learning",)),
    (
        ("Quizzes that stick", "Pupils recall last week's ideas at the start of each lesson.", "retrieval maths"),
        ("Number talks", "Pupils explain how they calculate in their heads for ten minutes a day.", "maths retrieval"),
    ),
    (
        ("Phonics catch-up", "A daily phonics catch-up for pupils who join in Year 3.", "phonics primary"),
        ("Fluency in Year 3", "Choral and echo reading for pupils in Year 3, daily.", "reading primary"),
    ),
    (
        ("Field trips on a shoestring", "Cheap local field trips for geography.", "geography"),
        ("Maps and apps", "Satellite pictures and free mapping software in geography lessons.", "geography"),
    ),
    (
        ("Feedback without marking", "Whole-class feedback instead of marking thirty books each night.", "workload"),
        ("Fewer meetings", "Three ways in which our school cut meetings down to one a week.", "workload"),
    ),
    (
        ("Sketchnoting", "Take visual notes with simple shapes; bring a pen.", "notes"),
        ("Cornell notes", "A page layout for notes that pupils can revise from.", "notes"),
    ),
)
# Written after the weights and the threshold were chosen on the pairs above.
UNSEEN_ALIKE = _pairs(
    True,
    (("Peer observation in triads",), ("Peer observations in triads",)),
    (("Exit tickets that inform planning",), ("Planning from exit tickets",)),
    (("Mindfulness for staff",), ("Staff mindfulness session",)),
    (("Lesson study in science",), ("Science lesson study",)),
    (("Elternabende online gestalten",), ("Online-Elternabende",)),
    (("Spaced homework",), ("Homework, spaced",)),
    (
        ("Knowledge organisers that get used", "How we made organisers that pupils open every week.", "knowledge"),
        (
            "Making knowledge organisers work",
            "Organisers which pupils open each week, and how we made them.",
            "knowledge",
        ),
    ),
    (
        ("Maker corner", "Cardboard engineering for key stage 2 with no budget at all.", "making primary"),
        ("Cardboard engineering", "No budget needed: cardboard engineering for key stage 2.", "making"),
    ),
)
UNSEEN_DIFFERENT = _pairs(
    False,
    (("Peer observation in triads",), ("Pupil voice in triads",)),
    (("Exit tickets that inform planning",), ("Seating plans that inform learning",)),
    (("Mindfulness for staff",), ("Yoga for staff",)),
    (("Lesson study in science",), ("Lesson starters in science",)),
    (("Elternabende online gestalten",), ("Lernplakate gestalten",)),
    (("Spaced homework",), ("Homework clubs",)),
    (
        ("Knowledge organisers that get used", "How we made organisers that pupils open every week.", "knowledge"),
        ("Curriculum maps", "How we drew one page for each year that parents can follow.", "knowledge curriculum"),
    ),
    (
        ("Maker corner", "Cardboard engineering for key stage 2 with no budget at all.", "making primary"),
        ("Robots in key stage 2", "A box of robots which schools borrow for half a term each.", "making primary"),
    ),
)
PAIRS = (*ALIKE, *DIFFERENT, *UNSEEN_ALIKE, *UNSEEN_DIFFERENT)
