/* The launcher: mpirun or srun, which tells a process its rank even before it joins the others, or nobody. */
#ifndef COMMANDS_LAUNCHER_H
#define COMMANDS_LAUNCHER_H

/* The rank that a launcher gave this process; -1 where a person started it. To be asked before MPI_Init, which sets the same
 * variables where there was no launcher. */
int launcher_rank(void);

#endif
