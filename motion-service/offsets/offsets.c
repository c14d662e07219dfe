// Prints where the fields are that the service reads: name=offset:bytes. Compiled and run by generate.sh.
#include <mujoco/mujoco.h>
#include <stddef.h>
#include <stdio.h>

#define MODEL(field) printf("mjModel." #field "=%zu:%zu\n", offsetof(mjModel, field), sizeof(((mjModel*)0)->field))
#define DATA(field) printf("mjData." #field "=%zu:%zu\n", offsetof(mjData, field), sizeof(((mjData*)0)->field))
#define VALUE(name) printf(#name "=%d\n", (int)(name))

int main(void) {
  VALUE(mjVERSION_HEADER);
  printf("sizeof.mjtNum=%zu\n", sizeof(mjtNum));
  printf("sizeof.mjModel=%zu\n", sizeof(mjModel));
  printf("sizeof.mjData=%zu\n", sizeof(mjData));
  printf("sizeof.mjWarningStat=%zu\n", sizeof(mjWarningStat));
  printf("mjWarningStat.number=%zu:%zu\n", offsetof(mjWarningStat, number), sizeof(int));
  VALUE(mjNWARNING);
  VALUE(mjWARN_BADQPOS);
  VALUE(mjWARN_BADQVEL);
  VALUE(mjWARN_BADQACC);
  VALUE(mjOBJ_BODY);
  VALUE(mjOBJ_GEOM);
  VALUE(mjOBJ_SITE);
  VALUE(mjSOL_NEWTON);
  MODEL(nq);
  MODEL(nv);
  MODEL(nu);
  MODEL(nbody);
  MODEL(ngeom);
  MODEL(nsite);
  MODEL(nkey);
  MODEL(opt.timestep);
  MODEL(opt.tolerance);
  MODEL(opt.solver);
  MODEL(opt.iterations);
#ifdef HAS_COLLISION
  VALUE(mjCOL_PAIR);
  MODEL(opt.collision);
#endif
  MODEL(geom_type);
  MODEL(geom_bodyid);
  MODEL(geom_size);
  MODEL(geom_pos);
  MODEL(geom_quat);
  MODEL(geom_rgba);
  MODEL(actuator_ctrlrange);
  MODEL(key_qpos);
  MODEL(key_ctrl);
  DATA(warning);
  DATA(time);
  DATA(qpos);
  DATA(qvel);
  DATA(qacc_warmstart);
  DATA(ctrl);
  DATA(actuator_force);
  DATA(xpos);
  DATA(xquat);
  DATA(xmat);
  DATA(site_xpos);
  DATA(subtree_com);
  DATA(subtree_linvel);
  return 0;
}
