from house import bot_for

from chatbot.evaluation.latency import evaluate, table


def test_latency_is_measured_on_the_catalog_and_on_a_crowd():
    index = bot_for("films").index
    figures = evaluate(index, states=3, items=3000, dimension=16, queries=10, seed=0)
    assert figures["catalog"]["items"] == 20
    assert figures["catalog"]["by_groups"][-1]["recall"] == 1
    crowd = figures["crowd"]
    recalls = [timed["recall"] for timed in crowd["by_groups"]]
    assert recalls == sorted(recalls)
    assert recalls[-1] == 1
    assert {timed["method"] for timed in crowd["at_recall"]} == {"AIGC group index", "FAISS IVFFlat", "FAISS HNSW"}
    assert all(timed["recall"] >= 0.95 for timed in crowd["at_recall"])
    assert "3,000 synthetic items" in table(figures, as_json=False)
