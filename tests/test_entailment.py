"""Entailment: what a cross-encoder says, by whichever of its labels means it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertForSequenceClassification

from assistant.entailment import load_entailment
from index import WhenceError

WORDS = ["[PAD]", "[UNK]", "the", "bridge", "was", "closed"]


def saved(folder: Path, labels: list[str], likeliest: int) -> str:
    """A tiny cross-encoder that always finds the same label likeliest; with one label, says it or not."""
    config = BertConfig.from_dict(
        {
            "vocab_size": len(WORDS), "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1,
            "intermediate_size": 8, "id2label": dict(enumerate(labels)),
            "label2id": {label: place for place, label in enumerate(labels)},
        }
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.fill_(-4.0)
        if likeliest >= 0:
            model.classifier.bias[likeliest] = 4.0
    model.save_pretrained(folder)
    words = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    words.save(str(folder / "tokenizer.json"))
    told = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]", "pad_token": "[PAD]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    return str(folder)


@pytest.mark.parametrize(
    ("labels", "likeliest", "entailed"),
    [
        (["contradiction", "entailment", "neutral"], 1, True),
        (["contradiction", "entailment", "neutral"], 2, False),
        (["ENTAILMENT", "not_entailment"], 0, True),
        (["consistent"], 0, True),
        (["consistent"], -1, False),
    ],
)
def test_a_cross_encoder_entails_by_its_label(
    tmp_path: Path, labels: list[str], likeliest: int, entailed: bool
) -> None:
    entails = load_entailment(saved(tmp_path, labels, likeliest))
    assert entails("the bridge was closed", "the bridge was closed") is entailed


def test_a_model_without_such_a_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WhenceError, match="has the labels good, bad; none is 'entailment'"):
        load_entailment(saved(tmp_path, ["good", "bad"], 0))


def test_a_model_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WhenceError, match=r"the NLI model '.*none', which sentence-transformers cannot load"):
        load_entailment(str(tmp_path / "none"))
