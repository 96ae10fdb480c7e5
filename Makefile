# Deux commandes suffisent sur une machine neuve : make run, make test. Voir docs/developpement.md.
PYTHON ?= python3
DEV := $(PYTHON) -m dev

.PHONY: help run stop status logs clean test test-fast test-services bench
help:
	@echo "make run            installe ce qui manque et démarre le portail de démonstration"
	@echo "make stop           arrête tout ; les données restent"
	@echo "make status, logs   ce qui tourne, les journaux"
	@echo "make clean          arrête tout et supprime .run/, les données et ce que pip a laissé"
	@echo "make test           tous les tests"
	@echo "make test-fast      la bibliothèque seule, sans service, en quelques secondes"
	@echo "make test-services  les services des tests, pour lancer pytest à la main"
	@echo "make bench          mesure le contrôle des tableaux et écrit bench/results.md"

run stop status logs clean test test-fast test-services:
	@$(DEV) $@

# ARGS="--large --runs 5 --only scdl"
bench:
	@$(PYTHON) -m bench.tables $(ARGS)
