"""Does one text entail another? The only code that meets a natural language inference model."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sentence_transformers import CrossEncoder  # 7 s: whoever needs this module imports it where it is used

from index.errors import WhenceError

ENTAILS = "entailment"


def load_entailment(name: str) -> Callable[[str, str], bool]:
    """A function `entails(premise, hypothesis)`, from a sentence-transformers CrossEncoder trained on inference.

    Of several labels the likeliest must be `entailment`; with one, its score must be 0.5 or more. May be shared by
    threads; nothing is downloaded.

    Raises:
        WhenceError: it cannot be loaded, or has several labels and none is called so.
    """
    try:
        model = CrossEncoder(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise WhenceError(
            f"The settings ask for the NLI model '{name}', which sentence-transformers cannot load: {reason}"
            " Give the folder of a CrossEncoder, or the name of one already downloaded."
        ) from error
    labels = {int(place): str(label).lower() for place, label in model.config.id2label.items()}
    wanted = next((place for place, label in labels.items() if label == ENTAILS), None)
    if wanted is None and len(labels) > 1:
        raise WhenceError(f"The NLI model '{name}' has the labels {', '.join(labels.values())}; none is '{ENTAILS}'.")
    one_at_a_time = threading.Lock()  # in two threads, a tokenizer of transformers says "Already borrowed"

    def entails(premise: str, hypothesis: str) -> bool:
        with one_at_a_time:
            scores = model.predict([(premise, hypothesis)], show_progress_bar=False)[0]
        return bool(scores >= 0.5) if wanted is None else int(scores.argmax()) == wanted

    return entails
