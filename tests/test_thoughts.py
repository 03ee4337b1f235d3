"""What a model thinks before it answers is not read as its answer, however its tags are cut into pieces."""

import pytest

from assistant.thoughts import spoken

ANSWER = "The mayor resigned [1]. She said why [2]."


def heard(reply: str, size: int) -> str:
    return "".join(spoken(reply[i : i + size] for i in range(0, len(reply), size)))


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "thought",
    [
        "<think>Passage 1 says the mayor fled [1]. Does it?</think>\n\n",
        "<thinking>The mayor fled [1].</thinking>",
        "<think></think>",
        "[THINK]The mayor fled [1].[/THINK]",
        "◁think▷The mayor fled [1].◁/think▷",
        "<|channel|>analysis<|message|>The mayor fled [1].<|end|><|start|>assistant<|channel|>final<|message|>",
        "analysisThe mayor fled [1]. So I answer.assistantfinal",
        "<|im_start|>",
        "<think>The mayor fled [1].</think><think>Or did she?</think>",
        "Okay, the mayor fled [1]. So I answer that.\n</think>\n\n",  # the prompt has opened the thought
        "We need to tell who resigned. The mayor fled [1].</think>",
    ],
)
def test_a_thought_is_left_out(thought: str, size: int) -> None:
    assert heard(thought + ANSWER, size).strip() == ANSWER


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "end", ["<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<end_of_turn>", "<｜end▁of▁sentence｜>", "<|im_start|>user"]
)
def test_what_a_model_writes_after_its_turn_is_left_out(end: str, size: int) -> None:
    assert heard(f"{ANSWER}{end}\nThe mayor fled [1].", size) == ANSWER


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_thought_without_an_end_is_left_out_with_all_that_follows(size: int) -> None:
    assert heard("<think>The mayor fled [1]. Or did she", size) == ""


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "reply",
    [
        ANSWER,
        "Yes.",
        "Okay, she resigned [1].",
        "It fell by 3 < 4 [1].",
        "She <resigned> [1",
        "",
        "Analysis shows it [1].",
    ],
)
def test_what_is_no_thought_is_given_whole(reply: str, size: int) -> None:
    assert heard(reply, size) == reply


def test_an_answer_is_given_as_it_comes() -> None:
    pieces = iter(["The old mayor ", "resigned ", "[", "1]."])
    coming = filter(None, spoken(pieces))
    assert (next(coming), next(coming), next(pieces)) == ("The old mayor ", "resigned ", "[")


def test_what_nobody_can_read_is_left_out() -> None:
    assert heard("The mayor\x00 re\u200bsigned \ud800\u202e[1].\n", 4) == "The mayor resigned [1].\n"
