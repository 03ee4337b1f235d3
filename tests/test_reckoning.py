"""A figure that follows from others."""

import pytest

from assistant.reckoning import follows
from assistant.statements import read


def borne_out(sentence: str, quote: str, *years: float) -> bool:
    (figure,) = read(sentence).figures
    return follows(figure, sentence, read(quote).figures, years)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("More than half of the families had a right to it.", "Six of the 11 families had a right to it."),
        ("The test worked in nearly four out of five patients.", "It found 47 of the 60 tumours."),
        ("The risk fell by nearly a quarter.", "The risk fell by 23 percent."),
        ("More than a quarter of the flats are to go.", "The city will sell 2,100 of its 7,400 flats."),
        ("Eleven times as many closed.", "In one year 158 closed and 14 opened."),
        ("The margin was seven votes.", "The House passed it 219 to 212."),
        ("A kilo brought 8.20 rupees less.", "It fell to 58.20 rupees, from 66.40."),
        ("Freight went up by $570.", "Freight rose to $1,720 from $1,150."),
        ("In all, 70 ships are adrift.", "Of the ships 44 drift; another 26 are held."),
        ("She leaves after three decades.", "She began in 1976 and leaves in 2006."),
        ("Two other boats sank.", "The Ada and the Berta sank."),
    ],
)
def test_what_two_figures_give_may_be_told(sentence: str, quote: str) -> None:
    assert borne_out(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("More than half of the families had a right to it.", "Four of the 11 families had a right to it."),
        ("The margin was nine votes.", "The House passed it 219 to 212."),
        ("He sold 70 ships.", "Of the ships 44 drift; another 26 are held."),
        ("The house has 570 rooms.", "Freight rose to $1,720 from $1,150."),
        ("She leaves after five decades.", "She began in 1976 and leaves in 2006."),
        ("Nine boats sank.", "The Ada and the Berta sank."),
        ("It rose by $30.", "Of the $50 that it costs, 20 percent go to the state."),
        ("It fell by 30 percent.", "It fell to $50 from $80."),
    ],
)
def test_what_they_do_not_give_may_not(sentence: str, quote: str) -> None:
    assert not borne_out(sentence, quote)


def test_the_years_of_days_count_in_what_lasts() -> None:
    assert borne_out("It has stood for half a century.", "It was built in 1964.", 2016.0)
    assert not borne_out("It has stood for half a century.", "It was built in 1994.", 2016.0)
