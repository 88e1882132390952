"""Journeys through stages: time in each, who waits, which ways cases go, where waits grew."""

from justice_analysis.metrics.journeys.path_variants import PathVariantsOptions, path_variants
from justice_analysis.metrics.journeys.published_flows import published_flows
from justice_analysis.metrics.journeys.published_flows_definition import PublishedFlowsOptions
from justice_analysis.metrics.journeys.published_growth import published_growth
from justice_analysis.metrics.journeys.published_growth_definition import PublishedGrowthOptions
from justice_analysis.metrics.journeys.series_growth import series_growth
from justice_analysis.metrics.journeys.stage_queues import StageQueuesOptions, stage_queues
from justice_analysis.metrics.journeys.stage_waits import StageWaitsOptions, stage_waits
from justice_analysis.metrics.journeys.stages import READY, Stage, Stages
from justice_analysis.metrics.journeys.wait_growth import WaitGrowthOptions, wait_growth

__all__ = [
    "READY",
    "PathVariantsOptions",
    "PublishedFlowsOptions",
    "PublishedGrowthOptions",
    "Stage",
    "StageQueuesOptions",
    "StageWaitsOptions",
    "Stages",
    "WaitGrowthOptions",
    "path_variants",
    "published_flows",
    "published_growth",
    "series_growth",
    "stage_queues",
    "stage_waits",
    "wait_growth",
]
