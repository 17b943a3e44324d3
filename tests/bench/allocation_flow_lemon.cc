/*-------------------------------------------------------------------------
 *
 * allocation_flow_lemon.cc
 *		Solves a DIMACS instance with LEMON (liblemon-dev), for
 *		tests/bench/allocation_flow.sh; a line for each run:
 *
 *			METHOD MILLISECONDS COST
 *
 *	  g++ -O2 tests/bench/allocation_flow_lemon.cc -o lemon && ./lemon FILE simplex|scaling RUNS
 *
 * As LEMON recommends it: default pivot rule and method, integers of 64 bits as
 * ours. The time is processor time of run() alone, without the construction of
 * the solver from the graph.
 *
 *-------------------------------------------------------------------------
 */
#include <lemon/cost_scaling.h>
#include <lemon/dimacs.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>

typedef long long Number;
typedef lemon::SmartDigraph Graph;

static double
now()
{
	timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

struct Instance
{
	Graph graph;
	Graph::ArcMap<Number> lower;
	Graph::ArcMap<Number> capacity;
	Graph::ArcMap<Number> cost;
	Graph::NodeMap<Number> supply;

	Instance() : lower(graph), capacity(graph), cost(graph), supply(graph) {}
};

template <typename Solver>
static void
run(const char *method, const Instance &instance)
{
	Solver solver(instance.graph);

	solver.lowerMap(instance.lower).upperMap(instance.capacity).costMap(instance.cost).supplyMap(instance.supply);
	double start = now();
	solver.run();
	double end = now();
	std::printf("%s %.3f %lld\n", method, end - start, (long long) solver.template totalCost<Number>());
}

int
main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	Instance instance;
	std::ifstream file(argv[1]);

	lemon::readDimacsMin(file, instance.graph, instance.lower, instance.capacity, instance.cost, instance.supply);
	for (int runs = std::atoi(argv[3]); runs > 0; runs--)
	{
		if (std::strcmp(argv[2], "simplex") == 0)
			run<lemon::NetworkSimplex<Graph, Number, Number>>(argv[2], instance);
		else
			run<lemon::CostScaling<Graph, Number, Number>>(argv[2], instance);
	}
	return 0;
}
